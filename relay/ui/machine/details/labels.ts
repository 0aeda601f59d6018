// Labels while somebody edits them: rows in a form, and what is wrong with them by the API's own rules. Pure.

export interface LabelRow {
  /** Stays with the row whatever is typed into it. */
  key: number;
  name: string;
  value: string;
}

const labelsMax = 200;
const valueCharactersMax = 4096;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;

export function rowsOf(labels: Readonly<Record<string, string>>): LabelRow[] {
  return namesOf(labels).map((name, key) => ({ key, name, value: labels[name] ?? "" }));
}

export const namesOf = (labels: Readonly<Record<string, string>>): string[] => Object.keys(labels).sort();

export const addRow = (rows: readonly LabelRow[]): LabelRow[] => [
  ...rows,
  { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, name: "", value: "" },
];

/** A row that nobody filled in is none. */
const isEmpty = ({ name, value }: LabelRow) => name.trim() === "" && value === "";

export function labelsOf(rows: readonly LabelRow[]): Record<string, string> {
  return Object.fromEntries(rows.filter((row) => !isEmpty(row)).map(({ name, value }) => [name.trim(), value]));
}

export interface LabelMistakes {
  /** By the row's key. */
  rows: ReadonlyMap<number, { field: "name" | "value"; message: string }>;
  all: string | null;
}

export function mistakesIn(rows: readonly LabelRow[]): LabelMistakes {
  const filled = rows.filter((row) => !isEmpty(row));
  const seen = new Set<string>();
  const mistakes = new Map<number, { field: "name" | "value"; message: string }>();
  for (const { key, name: typed, value } of filled) {
    const name = typed.trim();
    if (name === "") mistakes.set(key, { field: "name", message: "A label needs a name." });
    else if (!namePattern.test(name)) {
      const message = "Letters, digits and . _ / - only, at most 256, and a letter or digit first.";
      mistakes.set(key, { field: "name", message });
    } else if (seen.has(name)) mistakes.set(key, { field: "name", message: "There is a label of this name already." });
    else if (value.length > valueCharactersMax) {
      mistakes.set(key, {
        field: "value",
        message: `At most ${valueCharactersMax} characters, these are ${value.length}.`,
      });
    }
    seen.add(name);
  }
  return {
    rows: mistakes,
    all: filled.length > labelsMax ? `At most ${labelsMax} labels, these are ${filled.length}.` : null,
  };
}

export const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(rowsOf(one)) === JSON.stringify(rowsOf(other));
