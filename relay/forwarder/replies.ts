// Is this an answer to the event that was asked? Pure.
import { Compile } from "typebox/compile";
import { type Problem, Reply } from "../../functions/contract.ts";
import type { ProcessEvent } from "../event-bus/events.ts";
import type { Situation } from "./outcomes.ts";

const replyCheck = Compile(Reply);
const codePattern = /^[a-z][A-Za-z0-9.]{0,99}$/;

export type ReadReply = { reply: Reply } | { situation: Situation; got: string };

/** A final reply to this event and run, or what is wrong with it. */
export function readReply(value: unknown, event: Pick<ProcessEvent, "id" | "resourceId">, run: number): ReadReply {
  if (!replyCheck.Check(value)) {
    const [first] = replyCheck.Errors(value);
    return { situation: "garbage", got: `no reply: ${first ? `${first.instancePath || "/"} ${first.message}` : ""}` };
  }
  // The first id is the one that is answered; others may follow in a chain.
  if (value.previousIds[0] !== event.id || value.resourceId !== event.resourceId) {
    const got = `a reply to ${value.previousIds[0]} of ${value.resourceId}, not to ${event.id} of ${event.resourceId}`;
    return { situation: "otherEvent", got };
  }
  if (value.run !== undefined && value.run !== run) {
    return { situation: "otherEvent", got: `a reply of run ${value.run}, not of run ${run}` };
  }
  if (value.transitioning === "yes") return { situation: "notFinal", got: 'a reply that is "yes"' };
  return { reply: { ...value, run } };
}

/** The event was refused for good: what the process is told. */
export function errorReply(event: ProcessEvent, run: number, problem: Problem): Reply {
  const { field, expected, got } = problem;
  const where = [
    ...(field === undefined ? [] : [`field ${field}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(got === undefined ? [] : [`got ${got}`]),
  ];
  return {
    name: event.replyTo,
    previousIds: [event.id],
    resourceType: event.resourceType,
    resourceId: event.resourceId,
    run,
    transitioning: "error",
    transitioningMessage: where.length > 0 ? `${problem.detail} (${where.join(", ")})` : problem.detail,
    transitioningProgress: null,
    code: codePattern.test(problem.code) ? problem.code : "function.rejected",
  };
}
