// A process as anybody may read it: how far it is, and what each of its handlers has said. Pure.
import Type from "typebox";
import type { Process } from "../store/types.ts";
import { FailureView, viewFailure } from "./failure-view.ts";
import { NextFireAt, Nullable, Time } from "./schemas.ts";

export const ProcessView = Type.Object({
  id: Type.String(),
  name: Type.Enum(["create", "bootstrap", "delete"]),
  resourceType: Type.Literal("machine"),
  resourceId: Type.String(),
  state: Type.Enum(["queued", "running", "waiting", "cancelling", "ended"]),
  outcome: Nullable(Type.Enum(["done", "error", "cancelled", "forgotten"])),
  waitingFor: Nullable(Type.String()),
  attempt: Type.Integer(),
  run: Type.Integer({ description: "Of the current handler; 0 before the first." }),
  nextFireAt: NextFireAt,
  failures: Type.Integer({ description: "Firings in a row that nobody answered." }),
  error: Nullable(FailureView),
  handlers: Type.Array(
    Type.Object({
      name: Type.String(),
      eventId: Type.String(),
      state: Type.Enum(["pending", "active", "done", "skipped"]),
      attempt: Type.Integer(),
      run: Type.Integer(),
      startedAt: Nullable(Time),
      endedAt: Nullable(Time),
    }),
    { description: "In order: the next is asked when the one before has replied `no`." },
  ),
  createdAt: Time,
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
});
export type ProcessView = Type.Static<typeof ProcessView>;

export function viewProcess({ steps, ...process }: Process): ProcessView {
  const { id, name, resourceType, resourceId, state, outcome, waitingFor, attempt, nextFireAt } = process;
  const { failures, error, createdAt, startedAt, endedAt } = process;
  return {
    id,
    name,
    resourceType,
    resourceId,
    state,
    outcome,
    waitingFor,
    attempt,
    run: steps.find((step) => step.state === "active")?.run ?? 0,
    nextFireAt,
    failures,
    error: viewFailure(error),
    handlers: steps
      .toSorted((one, other) => one.position - other.position)
      .map((step) => ({
        name: step.handler,
        eventId: step.eventId,
        state: step.state,
        attempt: step.attempt,
        run: step.run,
        startedAt: step.startedAt,
        endedAt: step.endedAt,
      })),
    createdAt,
    startedAt,
    endedAt,
  };
}
