// Names the machines that are made by one click: try-1, try-2 … Pure.
const prefix = "try-";

/** The first number that no machine has. */
export function nextTrialName(names: Iterable<string>): string {
  const taken = new Set(names);
  let number = 1;
  while (taken.has(prefix + number)) number += 1;
  return prefix + number;
}
