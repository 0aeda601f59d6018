// A handler as anybody may read it, and what a look at its URL found. Pure.
import Type from "typebox";
import { maskUrl } from "../masked-url.ts";
import type { Handler } from "../store/types.ts";
import { Nullable, Time } from "./schemas.ts";

/** Each is a URL that was swapped while its runs went on. */
const placesMax = 50;

const Place = Type.Object({ url: Type.String(), inFlight: Type.Integer() });
const HandlerStatistics = Type.Object({
  inFlight: Type.Integer({ description: "Being worked on now." }),
  places: Type.Array(Place, {
    maxItems: placesMax,
    description: "Where: its own URL first, then those that it had before and that still have work under way.",
  }),
  queued: Type.Integer({ description: "Waiting for their turn." }),
  replies: Type.Integer(),
  meanReplyMs: Nullable(Type.Number()),
  errors: Type.Integer({ description: "Attempts that brought no reply." }),
  lastError: Nullable(Type.Object({ at: Time, code: Type.String(), message: Type.String() })),
});
export type HandlerStatistics = Type.Static<typeof HandlerStatistics>;

export const HandlerView = Type.Object({
  name: Type.String(),
  event: Type.String(),
  order: Type.Integer(),
  url: Nullable(
    Type.String({ description: "Values in its query read as the mask. Given back in a PUT it means: as it was." }),
  ),
  isHeard: Nullable(
    Type.Boolean({ description: "Of one without a URL: does anybody listen now who could answer its events?" }),
  ),
  hasKey: Type.Boolean(),
  source: Type.Enum(["environment", "api"]),
  updatedAt: Time,
  statistics: Nullable(HandlerStatistics),
});
export type HandlerView = Type.Static<typeof HandlerView>;

export const CheckView = Type.Object({
  url: Type.String(),
  addresses: Type.Array(Type.String(), { description: "All that the host name has." }),
  isReachable: Type.Boolean(),
  isReady: Nullable(Type.Boolean({ description: "null: nobody knows." })),
  version: Nullable(Type.String()),
  keepsLeases: Nullable(Type.Boolean()),
  problem: Nullable(Type.String({ description: "Why not, in a sentence; null when all is well." })),
});
export type CheckView = Type.Static<typeof CheckView>;

/** `statistics`: null before it had anything to do. */
export function viewHandler(
  handler: Handler,
  { isHeard, statistics }: { isHeard: boolean | null; statistics: HandlerStatistics | null },
): HandlerView {
  const { name, event, order, keyHash, source, updatedAt } = handler;
  const url = handler.url && maskUrl(handler.url);
  return {
    ...{ name, event, order, url, isHeard, hasKey: keyHash !== null, source, updatedAt },
    statistics: statistics && viewStatistics(statistics, url),
  };
}

function viewStatistics(statistics: HandlerStatistics, current: string | null): HandlerStatistics {
  const { inFlight, places, queued, replies, meanReplyMs, errors, lastError } = statistics;
  return { inFlight, places: viewPlaces(places, current), queued, replies, meanReplyMs, errors, lastError };
}

function viewPlaces(places: HandlerStatistics["places"], current: string | null): HandlerStatistics["places"] {
  const others = places.filter(({ url }) => url !== current).sort((one, other) => other.inFlight - one.inFlight);
  const own = places.find(({ url }) => url === current)?.inFlight ?? 0;
  return [...(current === null ? [] : [{ url: current, inFlight: own }]), ...others].slice(0, placesMax);
}
