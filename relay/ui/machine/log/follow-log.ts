// Brings a machine's lines: those that are kept, then those that come. By their numbers none is missed and none comes
// twice, also where the connection was away for a while.
import type { LogLineView } from "../../../api/machine-records-view.ts";

export interface LogParts {
  /** A page of the lines after that number; `next` null: there are no more now. */
  list(after: number): Promise<{ data: LogLineView[]; next: number | null }>;
  onLines(lines: LogLineView[]): void;
  onState(state: LogState): void;
}

export type LogState = { state: "loading" } | { state: "ready" } | { state: "failed"; error: unknown };

export interface LogFollower {
  /** Asks for what is kept after the newest line that is here. */
  load(): void;
  /** Lines came by the bus. */
  hear(lines: readonly LogLineView[]): void;
  stop(): void;
}

export function followLog({ list, onLines, onState }: LogParts): LogFollower {
  let last = 0;
  let heard: LogLineView[] = [];
  let isLoading = false;
  let isWantedAgain = false;
  let isStopped = false;

  function take(lines: readonly LogLineView[]): void {
    const fresh = lines.filter(({ number }) => number > last);
    last = fresh.at(-1)?.number ?? last;
    if (fresh.length > 0) onLines(fresh);
  }

  async function loadPages(): Promise<void> {
    let after: number | null = last;
    while (after !== null) {
      const page: { data: LogLineView[]; next: number | null } = await list(after);
      if (isStopped) return;
      take(page.data);
      after = page.next;
    }
  }

  async function loadAll(): Promise<void> {
    onState({ state: "loading" });
    let outcome: LogState = { state: "ready" };
    try {
      do {
        isWantedAgain = false;
        await loadPages();
      } while (isWantedAgain && !isStopped);
      // A line is kept before it is told, so a gap that is still there is one in what is kept.
      if (!isStopped) take(heard);
    } catch (error) {
      // What was heard meanwhile is kept at the relay, and will be read with the rest.
      outcome = { state: "failed", error };
    }
    heard = [];
    isLoading = false;
    if (!isStopped) onState(outcome);
  }

  const follower: LogFollower = {
    load() {
      // The one that runs may have read its last page before something happened that made somebody ask again.
      if (isLoading) isWantedAgain = true;
      else {
        isLoading = true;
        void loadAll();
      }
    },
    hear(lines) {
      if (isStopped) return;
      const next = lines.find(({ number }) => number > last);
      if (!isLoading && next && next.number > last + 1) follower.load();
      if (isLoading) heard.push(...lines);
      else take(lines);
    },
    stop() {
      isStopped = true;
    },
  };
  return follower;
}
