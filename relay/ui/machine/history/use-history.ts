// A machine's history: all that is kept, and what is new whenever the machine has changed.
import { useEffect, useRef, useState } from "preact/hooks";
import type { HistoryEntryView } from "../../../api/machine-records-view.ts";
import type { MachineView } from "../../../api/machine-view.ts";
import { listHistory } from "../../client/records.ts";
import { addEntries } from "./entries.ts";

/** A change comes seldom alone. */
const collectMs = 250;

export interface UsedHistory {
  /** Oldest first. */
  entries: readonly HistoryEntryView[];
  isLoading: boolean;
  error: unknown;
  reload(): void;
}

const none: readonly HistoryEntryView[] = [];

export function useHistory(machine: MachineView): UsedHistory {
  const [entries, setEntries] = useState(none);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const load = useRef<() => void>(() => {});

  useEffect(() => {
    let known = none;
    let isCurrent = true;
    let isRunning = false;
    let isWantedAgain = false;
    async function loadNew(): Promise<void> {
      do {
        isWantedAgain = false;
        for (let isMore = true; isMore; ) {
          const page = await listHistory(machine.id, known.at(-1)?.id ?? 0);
          if (!isCurrent) return;
          known = addEntries(known, page.data);
          setEntries(known);
          isMore = page.next !== null;
        }
      } while (isWantedAgain);
    }
    load.current = () => {
      // One that runs may have read its last page before the change that made somebody ask.
      isWantedAgain = true;
      if (isRunning) return;
      isRunning = true;
      loadNew()
        .then(
          () => isCurrent && setError(null),
          (problem: unknown) => isCurrent && setError(problem),
        )
        .finally(() => {
          isRunning = false;
          if (isCurrent) setLoading(false);
        });
    };
    setEntries(none);
    setLoading(true);
    load.current();
    return () => {
      isCurrent = false;
    };
  }, [machine.id]);

  // Every view of the machine is an object of its own, so this runs when there is news.
  useEffect(() => {
    const timer = setTimeout(() => load.current(), collectMs);
    return () => clearTimeout(timer);
  }, [machine]);

  return { entries, isLoading, error, reload: () => load.current() };
}
