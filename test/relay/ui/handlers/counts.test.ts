import { expect, test } from "vitest";
import {
  busyPollMs,
  countPlaces,
  pollAfterMs,
  quietPollMs,
  watchedAfterChangeMs,
} from "../../../../relay/ui/handlers/counts.ts";
import { handler, statistics } from "./handler.ts";

const now = 1_000_000;

test.each([
  ["nothing goes on", [handler({ statistics: statistics() })], null, quietPollMs],
  ["something is under way", [handler(), handler({ statistics: statistics({ inFlight: 1 }) })], null, busyPollMs],
  ["something waits", [handler({ statistics: statistics({ queued: 1 }) })], null, busyPollMs],
  ["somebody has just changed something", [handler()], now - 1, busyPollMs],
  ["the change was long ago", [handler()], now - watchedAfterChangeMs, quietPollMs],
])("how soon to look again: %s", (_, handlers, changedAt, expected) => {
  expect(pollAfterMs(handlers, changedAt, now)).toBe(expected);
});

const own = "http://functions.example/create";
const old = "http://old.example/create";

test.each([
  ["one place is nothing to compare", own, [{ url: own, inFlight: 3 }], null, []],
  ["nothing has happened", own, undefined, null, []],
  [
    "both while a swap goes on",
    own,
    [
      { url: own, inFlight: 1 },
      { url: old, inFlight: 2 },
    ],
    null,
    [
      [own, 1, true],
      [old, 2, false],
    ],
  ],
  [
    "the old one stays at nothing while the swap is watched",
    own,
    [{ url: own, inFlight: 1 }],
    old,
    [
      [own, 1, true],
      [old, 0, false],
    ],
  ],
  ["what is under way at a URL that was taken away", null, [{ url: old, inFlight: 1 }], null, [[old, 1, false]]],
])("where work goes on: %s", (_, url, places, former, expected) => {
  const shown = handler({ url, statistics: places ? statistics({ places }) : null });
  expect(countPlaces(shown, former).map((place) => [place.url, place.inFlight, place.isCurrent])).toEqual(expected);
});
