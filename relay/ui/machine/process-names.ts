// What the processes of a machine were: records name them by their ids.
import { useEffect, useState } from "preact/hooks";
import { listProcessNames } from "../client/records.ts";

export type ProcessNames = ReadonlyMap<string, string>;

const noNames: ProcessNames = new Map();

/** `newestId`: the newest process in the record; asked again when it is one that nobody knows yet. */
export function useProcessNames(machineId: string, newestId: string | null): ProcessNames {
  const [names, setNames] = useState(noNames);
  const isKnown = newestId === null || names.has(newestId);
  useEffect(() => {
    if (isKnown) return;
    let isCurrent = true;
    // Without the names the ids still tell the processes apart.
    listProcessNames(machineId).then(
      (found) => isCurrent && setNames(found),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [machineId, newestId, isKnown]);
  return names;
}
