// Requests about machines that a view has under way, and what became of them.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { runEach } from "../parts/run-each.ts";
import { putMachine } from "../state/machines.ts";

export interface Failed {
  machine: MachineView;
  error: unknown;
}

export interface Requests {
  total: number;
  ended: number;
  /** By the machine's id. */
  busy: ReadonlySet<string>;
  failed: readonly Failed[];
}

const none: Requests = { total: 0, ended: 0, busy: new Set(), failed: [] };

type Work = (machine: MachineView) => Promise<MachineView | unknown>;
/** Resolves with those that failed. */
type Run = (machines: readonly MachineView[], work: Work) => Promise<Failed[]>;

export function useRequests(): { requests: Requests; run: Run; forget: () => void } {
  const [requests, setRequests] = useState(none);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const change = useCallback((next: (before: Requests) => Requests) => {
    if (!isGone.current) setRequests(next);
  }, []);
  const run = useCallback<Run>(
    async (machines, work) => {
      const failed: Failed[] = [];
      change((before) => ({
        ...before,
        total: before.total + machines.length,
        busy: new Set([...before.busy, ...machines.map(({ id }) => id)]),
        failed: before.failed.filter(({ machine }) => !machines.some(({ id }) => id === machine.id)),
      }));
      await runEach(machines, async (machine) => {
        const failure = await work(machine).then(
          () => [],
          (error: unknown) => [{ machine, error }],
        );
        failed.push(...failure);
        change((before) => end(before, machine, failure));
      });
      return failed;
    },
    [change],
  );
  const forget = useCallback(() => change((before) => ({ ...before, failed: [] })), [change]);
  return { requests, run, forget };
}

function end(before: Requests, machine: MachineView, failure: readonly Failed[]): Requests {
  const failed = [...before.failed, ...failure];
  const ended = before.ended + 1;
  // The counts begin anew with the next request.
  if (ended === before.total) return { ...none, failed };
  const busy = new Set(before.busy);
  busy.delete(machine.id);
  return { ...before, ended, busy, failed };
}

/** The answer is the machine's news: it need not wait for its event. */
export function keepAnswer(ask: (id: string) => Promise<MachineView>): (machine: MachineView) => Promise<MachineView> {
  return async ({ id }) => {
    const machine = await ask(id);
    putMachine(machine);
    return machine;
  };
}
