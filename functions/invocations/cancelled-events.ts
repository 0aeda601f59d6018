// Cancels for events that nobody knows here: remembered for a while, because the start may yet be on its way.

const cancelledMax = 10_000;

export interface CancelledEvents {
  /** @param run the highest one that is cancelled; null: all of them */
  remember(eventId: string, run: number | null): void;
  has(eventId: string, run: number): boolean;
}

export function createCancelledEvents(options: { rememberMs: number; now: () => number }): CancelledEvents {
  const { rememberMs, now } = options;
  /** The oldest first. */
  const cancelled = new Map<string, { run: number; until: number }>();
  return {
    remember(eventId, run) {
      cancelled.delete(eventId);
      cancelled.set(eventId, { run: run ?? Number.POSITIVE_INFINITY, until: now() + rememberMs });
      for (const [oldest, { until }] of cancelled) {
        if (until > now() && cancelled.size <= cancelledMax) break;
        cancelled.delete(oldest);
      }
    },
    has(eventId, run) {
      const found = cancelled.get(eventId);
      return found !== undefined && found.until > now() && run <= found.run;
    },
  };
}
