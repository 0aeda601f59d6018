// Lets the last of many quick changes through, a few times a second: one driver prints 200 lines in a second.

export interface Throttle<T> {
  /** Takes the newest value; it is written now, or when the pause is over unless a newer one came. */
  push(key: string, value: T): void;
  /** What waits for this key is dropped: something final has overtaken it. */
  drop(key: string): void;
  /** Writes everything that waits. */
  flush(): Promise<void>;
}

export function createThrottle<T>(everyMs: number, write: (key: string, value: T) => Promise<void>): Throttle<T> {
  const waiting = new Map<string, { timer: NodeJS.Timeout; value?: T; hasValue: boolean }>();

  const open = (key: string) => {
    const timer = setTimeout(() => {
      const pause = waiting.get(key);
      waiting.delete(key);
      if (!pause?.hasValue) return;
      open(key);
      void write(key, pause.value as T);
    }, everyMs);
    waiting.set(key, { timer, hasValue: false });
  };

  return {
    push(key, value) {
      const pause = waiting.get(key);
      if (pause) {
        pause.value = value;
        pause.hasValue = true;
        return;
      }
      open(key);
      void write(key, value);
    },
    drop(key) {
      const pause = waiting.get(key);
      if (!pause) return;
      clearTimeout(pause.timer);
      waiting.delete(key);
    },
    async flush() {
      const entries = [...waiting];
      waiting.clear();
      for (const [, pause] of entries) clearTimeout(pause.timer);
      await Promise.all(
        entries.filter(([, pause]) => pause.hasValue).map(([key, pause]) => write(key, pause.value as T)),
      );
    },
  };
}
