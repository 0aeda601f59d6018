// Waits for a time, or until one of the signals aborts.

/** Node's timers take no more. */
const timerMsMax = 2 ** 31 - 1;

export function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal.aborted)) return resolve();
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, timerMsMax));
    for (const signal of signals) signal.addEventListener("abort", end);
  });
}
