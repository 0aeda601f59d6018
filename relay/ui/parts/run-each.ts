// Does the same with each of many, a few at a time. Pure.

/** A browser opens six connections to a host, and the page's streams need theirs. */
const requestsMax = 6;

/** Resolves when all are done. `work` deals with its own failures, so that one stops nothing for the others. */
export async function runEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  atOnceMax = requestsMax,
): Promise<void> {
  // One iterator for all: each takes the next that nobody has.
  const rest = items.values();
  const takeTurns = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnceMax }, takeTurns));
}
