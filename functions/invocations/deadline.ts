// Until when the work of an event may go on. Pure.

const minute = 60 * 1000;
/** On top of the deadline: to remove what a create that came to nothing has made. */
export const cleanupMs = 5 * minute;

/**
 * @param configuredMs DEADLINE_MS
 * @param askedMs the event's `deadlineMs`: whoever sent it takes the run for over then, whatever happens
 * @returns when the work should give up, and when it is ended, on the clock of `startedAt`
 */
export function planDeadline(
  startedAt: number,
  configuredMs: number,
  askedMs?: number,
): { deadlineAt: number; stopAt: number } {
  const wholeMs = Math.min(configuredMs + cleanupMs, askedMs ?? Number.POSITIVE_INFINITY);
  // With little time in all, a quarter of it is left for cleaning up.
  const workMs = Math.min(configuredMs, wholeMs - Math.min(cleanupMs, wholeMs / 4));
  return { deadlineAt: startedAt + workMs, stopAt: startedAt + wholeMs };
}
