// What somebody has entered so far, and what of it is asked of the API. Pure.

import type { MachineView } from "../../api/machine-view.ts";
import type { NewMachine } from "../client/machines.ts";
import { type Row, toMap, toRows } from "../parts/rows.ts";
import { draftEngine, type EngineDraft, emptyEngine, takeOut, toEngine, withoutLostVariables } from "./engine.ts";
import { stemOf } from "./names.ts";
import { type FormOption, isGiven, listGiven, type OptionValues } from "./option-values.ts";
import { holdsCredentials, isSecretOfEngine, isSecretValue } from "./secret-names.ts";

/** Stands in every answer where a secret is. */
export const secretMask = "********";

export interface Draft {
  /** The machine that it began with. */
  like: string | null;
  driver: string | null;
  /** Null: as suggested. */
  name: string | null;
  /** What a suggestion begins with. */
  stem: string;
  count: string;
  /** By driver, so that another choice and back loses nothing. */
  options: Readonly<Record<string, OptionValues>>;
  labels: Row[];
  engine: EngineDraft;
  /** Secrets that were there and are kept nowhere: options by driver, and places in the engine's options. */
  lostOptions: Readonly<Record<string, readonly string[]>>;
  lostEngine: readonly string[];
}

export const emptyDraft: Draft = Object.freeze({
  like: null,
  driver: null,
  name: null,
  stem: "machine",
  count: "1",
  options: {},
  labels: [],
  engine: emptyEngine,
  lostOptions: {},
  lostEngine: [],
});

/** Another one like this machine, under the next free name. */
export function draftLike({ id, name, driver, driverConfig, labels, engine }: MachineView): Draft {
  const options = Object.entries(driverConfig).filter(([, value]) => value !== secretMask);
  const taken = takeOut(draftEngine(engine), (_, text) => text === secretMask);
  return {
    ...emptyDraft,
    like: id,
    driver,
    stem: stemOf(name),
    options: {
      [driver]: Object.fromEntries(
        options.map(([option, value]) => [option, typeof value === "number" ? String(value) : value]),
      ) as OptionValues,
    },
    labels: toRows(labels),
    engine: taken.engine,
    lostOptions: { [driver]: Object.keys(driverConfig).filter((option) => driverConfig[option] === secretMask) },
    lostEngine: taken.lost,
  };
}

/** As it may be stored: no secret and no file in it, but which ones there were. */
export function withoutSecrets(draft: Draft): Draft {
  const options: Record<string, OptionValues> = {};
  const lostOptions: Record<string, string[]> = {};
  for (const [driver, values] of Object.entries(draft.options)) {
    const secrets = Object.keys(values).filter((name) => isSecret(name, values[name]));
    options[driver] = Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.includes(name)));
    const given = secrets.filter((name) => isGiven(values[name]));
    lostOptions[driver] = [...new Set([...(draft.lostOptions[driver] ?? []), ...given])];
  }
  const { engine, lost } = takeOut(draft.engine, isSecretOfEngine);
  return {
    ...draft,
    options: { ...options },
    engine,
    lostOptions: { ...draft.lostOptions, ...lostOptions },
    lostEngine: [...new Set([...draft.lostEngine, ...lost.filter((place) => !place.endsWith("."))])],
  };
}

function isSecret(name: string, value: OptionValues[string] | undefined): boolean {
  if (isSecretValue(name, value)) return true;
  return [value].flat().some((text) => typeof text === "string" && holdsCredentials(text));
}

/** What is asked for, under each of the names. */
export function requestsOf(draft: Draft, options: readonly FormOption[], names: readonly string[]): NewMachine[] {
  const driver = draft.driver ?? "";
  const engine = toEngine(withoutLostVariables(draft.engine, draft.lostEngine));
  return names.map((name) => ({
    name,
    driver,
    driverConfig: listGiven(options, draft.options[driver] ?? {}),
    engine,
    labels: toMap(draft.labels),
  }));
}
