// What is under way where, and how soon that is worth another look. Pure.
import type { HandlerView } from "../../api/handler-view.ts";

const second = 1000;
export const busyPollMs = 2 * second;
export const quietPollMs = 10 * second;
/** So long after a change people look at what it does. */
export const watchedAfterChangeMs = 60 * second;

/** How long until the statistics are asked for again. Times are milliseconds of one clock. */
export function pollAfterMs(handlers: readonly HandlerView[], changedAt: number | null, now: number): number {
  const isWatched = changedAt !== null && now - changedAt < watchedAfterChangeMs;
  const isBusy = handlers.some(({ statistics }) => statistics && (statistics.inFlight > 0 || statistics.queued > 0));
  return isWatched || isBusy ? busyPollMs : quietPollMs;
}

export interface PlaceCount {
  url: string;
  inFlight: number;
  isCurrent: boolean;
}

/**
 * The handler's own URL and those that still have work under way, with the URL that it had before the swap that is being
 * watched: that one stays, so that one can see it come to nothing. Empty: there is nothing to compare.
 */
export function countPlaces(
  { url, statistics }: Pick<HandlerView, "url" | "statistics">,
  formerUrl: string | null,
): PlaceCount[] {
  const counts = new Map<string, number>(url === null ? [] : [[url, 0]]);
  if (formerUrl !== null) counts.set(formerUrl, 0);
  for (const place of statistics?.places ?? []) {
    counts.set(place.url, (counts.get(place.url) ?? 0) + place.inFlight);
  }
  const places = [...counts].map(([each, inFlight]) => ({ url: each, inFlight, isCurrent: each === url }));
  return places.length > 1 || (url === null && places.length > 0) ? places : [];
}
