// Does the same with each of many, a few at a time; what fails for one stops nothing for the others.

/** A browser opens six connections to a host, and the page's streams need theirs. */
export const requestsMax = 6;

/** Resolves when all are done. `onEnd`: called for each as it ends, with its error or null. Never throws. */
export async function runEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
  onEnd: (item: T, error: unknown) => void,
): Promise<void> {
  const rest = items.values();
  async function takeTurns(): Promise<void> {
    // One iterator for all: each takes the next that nobody has.
    for (const item of rest) {
      const error = await work(item).then(
        () => null,
        (reason: unknown) => reason ?? new Error("It failed, and nobody said why"),
      );
      onEnd(item, error);
    }
  }
  await Promise.all(Array.from({ length: Math.min(requestsMax, items.length) }, takeTurns));
}
