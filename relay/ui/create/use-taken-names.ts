// Which names are in use: from the live list, and from the API where that list is not whole.
import { useEffect, useMemo, useState } from "preact/hooks";
import { listMachines } from "../client/machines.ts";
import { allMachines, loading } from "../state/machines.ts";

const askAfterMs = 300;
const pagesMax = 5;
const none: ReadonlySet<string> = new Set();

/** `stem`: what the names in question begin with. */
export function useTakenNames(stem: string): ReadonlySet<string> {
  const machines = allMachines();
  const { value } = loading;
  const isWhole = value.state === "ready" && !value.isCut;
  const [asked, setAsked] = useState(none);
  useEffect(() => {
    if (isWhole || stem === "") return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      // Without an answer nothing is said: the API will say it when the machine is asked for.
      findNames(stem).then(
        (names) => isCurrent && setAsked(names),
        () => {},
      );
    }, askAfterMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [stem, isWhole]);
  return useMemo(() => {
    const live = machines.filter(({ state }) => state !== "deleted").map(({ name }) => name);
    return new Set(isWhole ? live : [...live, ...asked]);
  }, [machines, asked, isWhole]);
}

async function findNames(stem: string): Promise<Set<string>> {
  const names = new Set<string>();
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const found: Awaited<ReturnType<typeof listMachines>> = await listMachines(cursor, { name: stem });
    for (const { name } of found.data) names.add(name);
    cursor = found.next;
    if (cursor === null) break;
  }
  return names;
}
