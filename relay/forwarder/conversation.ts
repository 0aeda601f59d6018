// What one conversation with a function is about, and how it can end.
import type { Ended, Problem, Reply } from "../../functions/contract.ts";
import type { Answers, EventRef } from "../event-bus/answers.ts";
import type { ProcessEvent } from "../event-bus/events.ts";
import type { Run } from "../store/types.ts";
import type { Clock, ForwarderConfig, ForwarderLog } from "./config.ts";
import { ConnectFailure, type Connections, describeError } from "./connections.ts";
import type { Leases, RunMemory } from "./leases.ts";
import type { PostKind, Situation } from "./outcomes.ts";
import type { ReadReply } from "./replies.ts";
import type { RunRequests } from "./run-requests.ts";
import { StreamFault } from "./stream.ts";

export interface Invocation {
  kind: PostKind;
  event: ProcessEvent;
  ref: EventRef;
  run: Run;
  memory: RunMemory;
  /** False from a cancel on. */
  mayRenew: () => boolean;
  signal: AbortSignal;
}

export type Conclusion =
  | { kind: "reply"; reply: Reply }
  | { kind: "ended"; ended: Ended }
  | { kind: "failed"; situation: Situation; got: string; problem?: Problem; retryAfterMs?: number }
  /** We ended it; the run lives on. */
  | { kind: "stopped" };

export interface InvocationParts {
  connections: Connections;
  requests: RunRequests;
  leases: Leases;
  answers: Answers;
  config: ForwarderConfig;
  clock: Clock;
  log: ForwarderLog;
}

export function concludeReply(read: ReadReply): Conclusion {
  return "reply" in read ? { kind: "reply", reply: read.reply } : { kind: "failed", ...read };
}

/** What an error of the connection means. */
export function concludeError(error: unknown): Conclusion {
  const got = describeError(error);
  if (error instanceof ConnectFailure) return { kind: "failed", situation: "refused", got };
  if (error instanceof StreamFault) return { kind: "failed", situation: error.situation, got };
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "UND_ERR_HEADERS_TIMEOUT") return { kind: "failed", situation: "slow", got: "no answer" };
  if (code === "UND_ERR_BODY_TIMEOUT") return { kind: "failed", situation: "silent", got: "silence" };
  return { kind: "failed", situation: "lost", got: `a broken connection (${got})` };
}
