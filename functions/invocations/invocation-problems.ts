// Every answer that says no to a start, a join, a renewal, a look or a cancel.
import { FunctionProblem } from "../problem.ts";

export const invocationUnknown = (eventId: string) =>
  new FunctionProblem({
    status: 404,
    code: "invocation.unknown",
    detail: `No run of ${eventId} is known here. That does not prove that it is over: its lease decides.`,
  });

export const invocationRunning = (eventId: string, run: number) =>
  new FunctionProblem({
    status: 409,
    code: "invocation.running",
    detail: `Run ${run} of ${eventId} is still at work, or something that it started is still alive.`,
  });

export const invocationSuperseded = (eventId: string, run: number, knownRun: number) =>
  new FunctionProblem({
    status: 409,
    code: "invocation.superseded",
    detail: `Run ${run} of ${eventId} is not the current one: run ${knownRun} is known here.`,
    field: "run",
    expected: `at least ${knownRun}`,
    got: String(run),
  });

/** Not 410: that would prove that the run never began. */
export const invocationOver = (eventId: string, run: number) =>
  new FunctionProblem({
    status: 409,
    code: "invocation.over",
    detail: `Run ${run} of ${eventId} is over, and its outcome was acknowledged. The same run is not done twice.`,
  });

export const invocationCancelled = (eventId: string) =>
  new FunctionProblem({ status: 410, code: "invocation.cancelled", detail: `${eventId} was cancelled.` });

export const invocationEnded = (eventId: string, reason: string) =>
  new FunctionProblem({ status: 410, code: "invocation.ended", detail: `The run of ${eventId} is over: ${reason}` });

export const invocationNotLeased = (eventId: string) =>
  new FunctionProblem({
    status: 409,
    code: "invocation.notLeased",
    detail: `${eventId} was sent without leaseMs: it lives as long as its connection, and nothing renews or joins it.`,
  });

export const checkpointUnknown = (checkpoint: number) =>
  new FunctionProblem({
    status: 422,
    code: "checkpoint.unknown",
    detail: `checkpoint must be 0 or the number of a checkpoint that was sent, got ${checkpoint}`,
    field: "checkpoint",
    expected: "0 or the number of a checkpoint that was sent",
    got: String(checkpoint),
  });

export const leaseNeedsStream = () =>
  new FunctionProblem({
    status: 400,
    code: "lease.needsStream",
    detail:
      "An event with leaseMs, or with join, must be sent with `Accept: text/event-stream`: its lease is renewed by naming the beats that come there. Leave leaseMs out to get one JSON answer.",
    field: "leaseMs",
    expected: "nothing, or Accept: text/event-stream",
  });

export const functionsBusy = (invocationsMax: number) =>
  new FunctionProblem({
    status: 503,
    code: "functions.busy",
    detail: `${invocationsMax} invocations are running here, which is the limit (INVOCATIONS_MAX). Try again later.`,
  });

export const functionsStopping = () =>
  new FunctionProblem({
    status: 503,
    code: "functions.stopping",
    detail: "These functions are shutting down. Try again.",
  });
