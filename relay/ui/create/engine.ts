// The options of the Docker engine between the form, which has rows and empty fields, and the API. Pure.
import type { EngineOptions } from "../../../functions/contract.ts";
import { type Row, toMap, toRows } from "../parts/rows.ts";

export interface EngineDraft {
  installUrl: string;
  storageDriver: string;
  options: string[];
  insecureRegistries: string[];
  registryMirrors: string[];
  environment: Row[];
  labels: Row[];
}

export const emptyEngine: EngineDraft = Object.freeze({
  installUrl: "",
  storageDriver: "",
  options: [],
  insecureRegistries: [],
  registryMirrors: [],
  environment: [],
  labels: [],
});

export function draftEngine({ environment = {}, labels = {}, ...engine }: EngineOptions): EngineDraft {
  return { ...emptyEngine, ...engine, environment: toRows(environment), labels: toRows(labels) };
}

/** Without what nobody filled in. */
export function toEngine({ environment, labels, ...draft }: EngineDraft): EngineOptions {
  const all = {
    installUrl: draft.installUrl.trim(),
    storageDriver: draft.storageDriver.trim(),
    options: draft.options.filter(Boolean),
    insecureRegistries: draft.insecureRegistries.filter(Boolean),
    registryMirrors: draft.registryMirrors.filter(Boolean),
    environment: toMap(environment),
    labels: toMap(labels),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => Object.keys(value).length > 0));
}

/** How many of them are given. */
export const countEngine = (draft: EngineDraft): number => Object.keys(toEngine(draft)).length;

/** Every text in it, with its place (`environment.HTTP_PROXY`), changed by `change`. */
export function mapEngine<T>(
  engine: EngineOptions,
  change: (place: string, text: string) => T,
): Record<string, T | T[] | Record<string, T>> {
  return Object.fromEntries(
    Object.entries(engine).map(([name, value]) => {
      if (typeof value === "string") return [name, change(name, value)];
      if (Array.isArray(value)) return [name, value.map((text, index) => change(`${name}.${index}`, text))];
      const inner = Object.entries(value).map(([key, text]) => [key, change(`${name}.${key}`, text)] as const);
      return [name, Object.fromEntries(inner)];
    }),
  );
}

/** Those of its texts that `isLost` says, taken out; a variable keeps its name. `lost`: their places. */
export function takeOut(
  engine: EngineDraft,
  isLost: (place: string, text: string) => boolean,
): { engine: EngineDraft; lost: string[] } {
  const lost: string[] = [];
  const keep = (place: string, text: string) => {
    if (text === "" || !isLost(place, text)) return true;
    lost.push(place);
    return false;
  };
  const keepList = (name: "options" | "insecureRegistries" | "registryMirrors") =>
    engine[name].filter((text) => keep(name, text));
  const keepRows = (name: "environment" | "labels") =>
    engine[name].map((row) => (keep(`${name}.${row.name}`, row.value) ? row : { ...row, value: "" }));
  return {
    engine: {
      installUrl: keep("installUrl", engine.installUrl) ? engine.installUrl : "",
      storageDriver: keep("storageDriver", engine.storageDriver) ? engine.storageDriver : "",
      options: keepList("options"),
      insecureRegistries: keepList("insecureRegistries"),
      registryMirrors: keepList("registryMirrors"),
      environment: keepRows("environment"),
      labels: keepRows("labels"),
    },
    lost,
  };
}

/** Of the places whose text was lost those that nobody has filled in again, or, of a list, perhaps not. */
export function listLost(engine: EngineDraft, lost: readonly string[]): string[] {
  return lost.filter((place) => {
    if (place === "installUrl" || place === "storageDriver") return engine[place] === "";
    const [, name] = /^environment\.(.*)$/s.exec(place) ?? [];
    // A row that was taken away is not wanted any more.
    return name === undefined || engine.environment.some((row) => row.name === name && row.value === "");
  });
}

/** An empty variable is legal, so one whose value was lost must not become one by itself. */
export function withoutLostVariables(engine: EngineDraft, lost: readonly string[]): EngineDraft {
  const places = listLost(engine, lost);
  return { ...engine, environment: engine.environment.filter(({ name }) => !places.includes(`environment.${name}`)) };
}
