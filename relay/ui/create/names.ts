// Which names the machines will have, and which of them cannot be. Pure.

export const countMax = 50;
/** The API's own rule. */
const namePattern = /^[0-9A-Za-z][0-9A-Za-z.-]{0,53}$/;
const nameCharactersMax = 54;
/** A number that a name ends in; more digits are no counting. */
const numberAtEnd = /^(.+)-(\d{1,6})$/;

/** What is wrong with it; null: nothing. */
export function checkName(name: string): string | null {
  if (name === "") return "A machine needs a name.";
  if (name.length > nameCharactersMax) return `${name} is too long: at most ${nameCharactersMax} characters.`;
  if (!/^[0-9A-Za-z]/.test(name)) return "A name begins with a letter or a digit.";
  if (!namePattern.test(name)) return "A name has letters, digits, . and - only.";
  return null;
}

/** How many are wanted; null: that is no number of machines. */
export function readCount(text: string): number | null {
  if (!/^\d{1,3}$/.test(text.trim())) return null;
  const count = Number(text);
  return count >= 1 && count <= countMax ? count : null;
}

/** One keeps its name; several are counted: `web` from web-1, `web-4` from web-4 on. */
export function listNames(name: string, count: number): string[] {
  if (count === 1) return [name];
  const { stem, first, digits } = splitName(name);
  return Array.from({ length: count }, (_, index) => `${stem}-${String(first + index).padStart(digits, "0")}`);
}

/** The first number from which all names are free. */
export function suggestName(stem: string, count: number, taken: ReadonlySet<string>): string {
  const short = stem.slice(0, nameCharactersMax - "-000000".length);
  let first = 1;
  for (let number = 1; number < first + count; number += 1) {
    if (taken.has(`${short}-${number}`)) first = number + 1;
  }
  return `${short}-${first}`;
}

/** `web-12` → `web` */
export const stemOf = (name: string): string => splitName(name).stem;

function splitName(name: string): { stem: string; first: number; digits: number } {
  const [, stem, number] = numberAtEnd.exec(name) ?? [];
  if (stem !== undefined && number !== undefined) return { stem, first: Number(number), digits: number.length };
  return { stem: name.replace(/-$/, ""), first: 1, digits: 1 };
}
