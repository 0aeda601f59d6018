// What a person may ask for: the shapes of the requests about machines, and the rules that no schema can say. Pure.
import Type from "typebox";
import {
  DriverConfig,
  DriverConfigChange,
  EngineOptions,
  listEngineSecrets,
  type OptionValue,
  type Resolved,
  secretMask,
} from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import { machineStates } from "./machine-view.ts";
import { pageQuery } from "./schemas.ts";

/** docker-machine's own rule; the length leaves room for `-` and 8 characters of the id within a host name's 63. */
const namePattern = /^[0-9A-Za-z][0-9A-Za-z.-]{0,53}$/;
const labelPattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/;

const Labels = Type.Record(Type.String(), Type.String({ maxLength: 4096 }), {
  maxProperties: 200,
  "x-expected": "an object of texts",
});
const closed = { additionalProperties: false };

export const NewMachineBody = Type.Object(
  {
    name: Type.String({ description: "0-9 a-z A-Z . - , at most 54 characters." }),
    driver: Type.String({ minLength: 1, maxLength: 64 }),
    driverConfig: Type.Optional(DriverConfig),
    engine: Type.Optional(EngineOptions),
    labels: Type.Optional(Labels),
  },
  closed,
);

export const CommandBody = Type.Object(
  {
    name: Type.Optional(Type.String()),
    driverConfig: Type.Optional(DriverConfig),
    engine: Type.Optional(EngineOptions),
  },
  closed,
);

export const PatchBody = Type.Object(
  { labels: Type.Optional(Labels), driverConfig: Type.Optional(DriverConfigChange) },
  { ...closed, minProperties: 1, "x-expected": "an object with labels, driverConfig or both" },
);

export const ResolveBody = Type.Object(
  {
    outcome: Type.Enum(["nothing", "providerId"], { description: "What a person found at the provider." }),
    providerId: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "With `providerId`: the provider's id of the VM." }),
    ),
  },
  closed,
);

export const ListQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(Type.Array(Type.Enum(machineStates), { maxItems: 20 })),
    driver: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 })),
    label: Type.Optional(
      Type.Array(Type.String({ pattern: "^[^=]+=", maxLength: 4400, "x-expected": "name=value" }), {
        maxItems: 50,
        description: "name=value; all of them must match.",
      }),
    ),
    name: Type.Optional(Type.String({ maxLength: 100, description: "Part of the name." })),
    deleted: Type.Optional(Type.Boolean({ description: "Also those that are gone." })),
  },
  closed,
);

/** @throws RelayError `machine.nameInvalid` */
export function checkName(name: string): void {
  if (namePattern.test(name)) return;
  const expected = "1 to 54 characters of 0-9 a-z A-Z . - that begin with a letter or digit";
  const got = JSON.stringify(name.slice(0, 100));
  throw new RelayError("machine.nameInvalid", {
    message: `name must be ${expected}, got ${got}`,
    field: "name",
    expected,
    got,
  });
}

/** @throws RelayError `request.invalid` */
export function checkLabels(labels: Record<string, string>): void {
  const wrong = Object.keys(labels).find((name) => !labelPattern.test(name));
  if (wrong === undefined) return;
  throw new RelayError("request.invalid", {
    message: "a label has a name that cannot be",
    field: "labels",
    expected: "names of letters, digits and . _ / -, at most 256 characters",
    got: JSON.stringify(wrong.slice(0, 100)),
  });
}

/** `["tier=web"]` → `{tier: "web"}` */
export function readLabels(labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    labels.map((label) => [label.slice(0, label.indexOf("=")), label.slice(label.indexOf("=") + 1)]),
  );
}

/** @throws RelayError `request.invalid` */
export function readResolved({ outcome, providerId }: Type.Static<typeof ResolveBody>): Resolved {
  if (outcome === "providerId" && providerId !== undefined) return { outcome, providerId };
  if (outcome === "nothing" && providerId === undefined) return { outcome };
  const expected = outcome === "nothing" ? "left out, because nothing was found" : "the provider's id of the VM";
  const got = JSON.stringify(providerId) ?? "nothing";
  throw new RelayError("request.invalid", {
    message: `providerId must be ${expected}, got ${got}`,
    field: "providerId",
    expected,
    got,
  });
}

/** What is set, and what is removed. */
export function splitChange(change: DriverConfigChange): { set: DriverConfig; removed: string[] } {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null)) as DriverConfig;
  return { set, removed: Object.keys(change).filter((name) => change[name] === null) };
}

/** Whoever reads a machine, changes one field and sends it all back does not mean the mask. */
export function withoutMasked(options: DriverConfig): DriverConfig {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => !isMask(value)));
}

/** @throws RelayError `option.invalid`: a mask is what an answer shows in place of a secret, and no secret itself. */
export function refuseMasked(options: DriverConfig, engine: EngineOptions): void {
  const option = Object.entries(options).find(([, value]) => isMask(value));
  const ofEngine = listEngineSecrets(engine).find(([, value]) => isMask(value));
  const field = option ? `driverConfig.${option[0]}` : ofEngine ? `engine.${ofEngine[0]}` : null;
  if (field === null) return;
  throw new RelayError("option.invalid", {
    message: `${field} holds the mask that answers show in place of a secret`,
    field,
    expected: "the secret itself",
    got: secretMask,
  });
}

function isMask(value: OptionValue): boolean {
  return value === secretMask || (typeof value === "object" && "content" in value && value.content === secretMask);
}
