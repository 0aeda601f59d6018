// What is wrong with a draft, as far as it can be seen here; and what of an older answer is still true of it. Pure.

import { checkRows } from "../parts/rows.ts";
import type { Draft } from "./draft.ts";
import type { EngineDraft } from "./engine.ts";
import type { Mistakes } from "./mistakes.ts";
import { checkName, countMax, readCount } from "./names.ts";
import { type FormOption, listMissing } from "./option-values.ts";

/** What can be said while somebody types: nothing of what is only not there yet. `names`: those still to be made. */
export function checkEntered(draft: Draft, names: readonly string[], taken: ReadonlySet<string>): Mistakes {
  const invalid = names.map(checkName).find((mistake) => mistake !== null);
  const clashes = names.filter((name) => taken.has(name));
  const name = invalid ?? (clashes.length > 0 ? describeTaken(clashes) : null);
  const labels = checkRows(draft.labels, "label");
  const environment = checkRows(draft.engine.environment, "plain");
  const engineLabels = checkRows(draft.engine.labels, "plain");
  return {
    ...(name === null ? {} : { name }),
    ...(readCount(draft.count) === null ? { count: `From 1 to ${countMax}.` } : {}),
    ...(labels === null ? {} : { labels }),
    options: {},
    engine: {
      ...(environment === null ? {} : { environment }),
      ...(engineLabels === null ? {} : { labels: engineLabels }),
    },
  };
}

/** What keeps it from being sent. */
export function checkDraft(
  draft: Draft,
  options: readonly FormOption[],
  names: readonly string[],
  taken: ReadonlySet<string>,
): Mistakes {
  const entered = checkEntered(draft, names, taken);
  if (draft.driver === null) return { ...entered, driver: "Choose a driver." };
  const missing = listMissing(options, draft.options[draft.driver] ?? {});
  return { ...entered, options: Object.fromEntries(missing.map(({ name }) => [name, "The driver needs this."])) };
}

/** Of what was changed nothing is known until it is sent again. */
export function forgetChanged(mistakes: Mistakes, before: Draft, after: Draft): Mistakes {
  const { name, count, driver, labels, options, engine } = mistakes;
  const areNamesSame = before.name === after.name && before.count === after.count;
  const isDriverSame = before.driver === after.driver;
  const [old, now] = [before, after].map((draft) => draft.options[draft.driver ?? ""] ?? {});
  return {
    ...(areNamesSame && name !== undefined ? { name } : {}),
    ...(areNamesSame && count !== undefined ? { count } : {}),
    ...(isDriverSame && driver !== undefined ? { driver } : {}),
    ...(before.labels === after.labels && labels !== undefined ? { labels } : {}),
    options: isDriverSame ? filterByName(options, (option) => old?.[option] === now?.[option]) : {},
    engine: filterByName(
      engine,
      (part) => before.engine[part as keyof EngineDraft] === after.engine[part as keyof EngineDraft],
    ),
  };
}

function filterByName(all: Readonly<Record<string, string>>, keeps: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => keeps(name)));
}

function describeTaken(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} is taken.`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are taken.`;
}
