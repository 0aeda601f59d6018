// A handler as the API shows it.
import type { CheckView, HandlerView } from "../../../../relay/api/handler-view.ts";

export function handler(differences: Partial<HandlerView> = {}): HandlerView {
  return {
    name: "create",
    event: "machine.create",
    order: 100,
    url: "http://functions.example/create",
    isHeard: null,
    hasKey: false,
    source: "environment",
    updatedAt: 1_790_000_000_000,
    statistics: null,
    ...differences,
  };
}

export function statistics(
  differences: Partial<NonNullable<HandlerView["statistics"]>> = {},
): NonNullable<HandlerView["statistics"]> {
  return {
    inFlight: 0,
    places: [],
    queued: 0,
    replies: 0,
    meanReplyMs: null,
    errors: 0,
    lastError: null,
    ...differences,
  };
}

export function check(differences: Partial<CheckView> = {}): CheckView {
  return {
    url: "http://functions.example/create",
    addresses: ["192.0.2.1:80"],
    isReachable: true,
    isReady: true,
    version: "1.2.3",
    keepsLeases: true,
    problem: null,
    ...differences,
  };
}
