// Turns what the work gives back into the reply to its event. Pure.
import type { Event, Reply } from "../contract.ts";
import type { WorkResult } from "../work.ts";
import { messageCharactersMax } from "./work-context.ts";

/** @param mask hides secret values in what a person will read */
export function createReply(event: Event, result: WorkResult, mask: (text: string) => string): Reply {
  return {
    name: event.replyTo,
    previousIds: [event.id],
    resourceType: event.resourceType,
    resourceId: event.resourceId,
    ...(event.run === undefined ? {} : { run: event.run }),
    transitioning: result.transitioning,
    transitioningMessage: mask(result.message).slice(0, messageCharactersMax),
    transitioningProgress: null,
    ...(result.transitioning === "error" ? { code: result.code } : {}),
    data: { machine: result.machine },
  };
}
