// Names with values, as rows that somebody types: labels, variables. Pure.

export interface Row {
  name: string;
  value: string;
}

export const rowsMax = 200;
const labelPattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;
const nameCharactersMax = 256;
const valueCharactersMax = 4_096;

export const toRows = (map: Readonly<Record<string, string>>): Row[] =>
  Object.keys(map)
    .sort()
    .map((name) => ({ name, value: map[name] ?? "" }));

/** Rows in which nothing stands count for nothing. */
export const toMap = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(rows.filter(isFilled).map(({ name, value }) => [name, value]));

/** What is wrong with a name in them; null: nothing. */
export function checkRows(rows: readonly Row[], kind: "label" | "plain"): string | null {
  const filled = rows.filter(isFilled);
  const seen = new Set<string>();
  for (const { name, value } of filled) {
    if (name === "") return "A value needs a name beside it.";
    if (name.length > nameCharactersMax) return `A name has at most ${nameCharactersMax} characters.`;
    if (kind === "label" && !labelPattern.test(name)) {
      return `${name}: a label's name has letters, digits and . _ / - only, and begins with a letter or a digit.`;
    }
    if (value.length > valueCharactersMax) return `${name}: a value has at most ${valueCharactersMax} characters.`;
    if (seen.has(name)) return `${name} is there twice.`;
    seen.add(name);
  }
  return filled.length > rowsMax ? `At most ${rowsMax}.` : null;
}

function isFilled({ name, value }: Row): boolean {
  return name !== "" || value !== "";
}
