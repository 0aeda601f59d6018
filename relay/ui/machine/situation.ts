// What is the matter with a machine: which card its page shows. Pure.
import type { MachineView } from "../../api/machine-view.ts";

export type Failure = NonNullable<MachineView["error"]>;
type Process = NonNullable<MachineView["process"]>;

export type Situation =
  /** Nothing is wrong. */
  | { kind: "well" }
  /** Create or bootstrap ended with an error: a person goes on from here. */
  | { kind: "failed"; error: Failure }
  /** An attempt failed, the next one comes by itself. */
  | { kind: "failing"; process: Process; error: Failure }
  /** Only a person can find out whether the provider has a VM. */
  | { kind: "unknown"; process: Process; error: Failure | null }
  /** Nobody stands in for the handler. */
  | { kind: "unhandled"; process: Process; error: Failure | null }
  /** Deleted by force: something may be left. */
  | { kind: "forgotten"; error: Failure };

const unexplained: Failure = { code: "handler.error", message: "Nobody said why.", meaning: null, remains: null };

export function situationOf({ state, error, process }: Pick<MachineView, "state" | "error" | "process">): Situation {
  if (state === "deleted") return error ? { kind: "forgotten", error } : { kind: "well" };
  if (state === "error") {
    return { kind: "failed", error: error ?? unexplained };
  }
  if (!process) return { kind: "well" };
  if (process.waitingFor === "resolve") return { kind: "unknown", process, error: process.error };
  if (process.waitingFor !== null) return { kind: "unhandled", process, error: process.error };
  if (process.state === "running" && process.error) return { kind: "failing", process, error: process.error };
  return { kind: "well" };
}
