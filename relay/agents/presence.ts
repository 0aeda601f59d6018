// Which hosts have fallen silent? One timer for all of them, and none while there is no host.
import type { ProcessServer } from "../process-server/process-server.ts";
import type { Store } from "../store/types.ts";
import type { Diary } from "./diary.ts";

export interface Presence {
  /** Hosts that were connected when the relay stopped get the full time: it was the relay that was away. */
  start(): Promise<void>;
  /** A host reported in, just now. */
  seen(machineId: string): void;
  /** It left: its silence means nothing. */
  forget(machineId: string): void;
  /** Resolves when nothing is being written any more. */
  stop(): Promise<void>;
}

export interface PresenceParts {
  store: Pick<Store, "listSilentHosts" | "getMachine">;
  processServer: Pick<ProcessServer, "saveHost">;
  diary: Diary;
  /** How long a host may be silent. */
  silenceMs: number;
  /** Monotonic: the hosts did not fall silent because somebody set the clock. */
  monotonicNow?: () => number;
  onError: (error: unknown) => void;
}

export function createPresence({
  store,
  processServer,
  diary,
  silenceMs,
  monotonicNow = () => performance.now(),
  onError,
}: PresenceParts): Presence {
  // Oldest first, because a host that is seen again goes to the end.
  const seenAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;

  function see(machineId: string): void {
    seenAt.delete(machineId);
    seenAt.set(machineId, monotonicNow());
    arm();
  }

  function arm(): void {
    const oldest = seenAt.values().next();
    if (timer !== undefined || isStopped || oldest.done) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        looking = lookForSilentHosts().catch(onError).finally(arm);
      },
      Math.max(0, Math.ceil(oldest.value + silenceMs - monotonicNow())),
    );
  }

  async function lookForSilentHosts(): Promise<void> {
    const silent: string[] = [];
    for (const [machineId, at] of seenAt) {
      if (at + silenceMs > monotonicNow()) break;
      silent.push(machineId);
    }
    for (const machineId of silent) seenAt.delete(machineId);
    await Promise.all(silent.map(markSilent));
  }

  async function markSilent(machineId: string): Promise<void> {
    try {
      const machine = await store.getMachine(machineId);
      // It may have reported in, or left, while we looked.
      if (machine?.host?.state !== "connected" || seenAt.has(machineId)) return;
      const isEnding = machine.state === "deleting" || machine.state === "deleted";
      const state = isEnding ? "left" : "reconnecting";
      const message = isEnding
        ? "the agent left"
        : `the agent is silent: no report for ${Math.round(silenceMs / 1000)} s`;
      await processServer.saveHost(machineId, { ...machine.host, state }, diary.tell(machineId, message));
    } catch (error) {
      // Another look after another such time.
      if (!seenAt.has(machineId)) see(machineId);
      onError(error);
    }
  }

  return {
    async start() {
      const connected = await store.listSilentHosts(Number.MAX_SAFE_INTEGER);
      for (const machine of connected) if (!seenAt.has(machine.id)) see(machine.id);
    },
    seen: see,
    forget(machineId) {
      seenAt.delete(machineId);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      timer = undefined;
      await looking;
    },
  };
}
