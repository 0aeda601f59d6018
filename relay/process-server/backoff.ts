// How long until the next try? Pure, but for the dice it is given.

const second = 1000;

/** The first wait after a failed attempt; each further one doubles it, up to the configured maximum. */
export const firstWaitMs = 1 * second;

/**
 * The wait after the given number of failed attempts in a row: doubled each time, at most `maxMs`, and up to a fifth
 * shorter, so that a thousand machines whose function comes back do not ask at the same instant.
 */
export function waitMs(failures: number, maxMs: number, random: () => number = Math.random): number {
  if (failures <= 0) return 0;
  const grown = Math.min(maxMs, firstWaitMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(grown * (1 - 0.2 * random()));
}
