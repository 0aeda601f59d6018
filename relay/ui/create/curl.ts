// The request as a line of curl that works where it is pasted: secrets come from variables, files from their paths. Pure.
import type { OptionValue } from "../../../functions/contract.ts";
import type { NewMachine } from "../client/machines.ts";
import { mapEngine } from "./engine.ts";
import type { FormOption } from "./option-values.ts";
import { holdsCredentials, isSecretOfEngine, isSecretValue } from "./secret-names.ts";

export interface CurlInput {
  origin: string;
  needsKey: boolean;
  machine: NewMachine;
  /** All that are made, under these names; one: without a loop. */
  names: readonly string[];
  options: readonly FormOption[];
}

export interface Curl {
  text: string;
  /** To be set before; those of files hold a path. */
  variables: { name: string; isFile: boolean }[];
}

/** What the shell puts there. */
class FromShell {
  readonly expression: string;
  constructor(expression: string) {
    this.expression = expression;
  }
}

/** Both make of a text what may stand between the quotes of JSON. */
const escapeSed = `sed 's/[\\\\"]/\\\\&/g'`;
const escapeLines = `awk -F'\\t' -v OFS='\\\\t' '{ $1 = $1; printf "%s\\\\n", $0 }'`;

export function formatCurl({ origin, needsKey, machine, names, options }: CurlInput): Curl {
  const variables: Curl["variables"] = needsKey ? [{ name: "KEY", isFile: false }] : [];
  const fromVariable = (wanted: string, isFile: boolean) => {
    const name = freeName(wanted, variables);
    variables.push({ name, isFile });
    return isFile
      ? new FromShell(`$(tr -d '\\r' < "$${name}" | ${escapeSed} | ${escapeLines})`)
      : new FromShell(`$(printf %s "$${name}" | ${escapeSed})`);
  };
  const replaceOption = (name: string, value: OptionValue) => {
    const wanted = variableOf(
      name,
      options.find((option) => option.name === name),
    );
    if (typeof value === "object" && !Array.isArray(value)) return { content: fromVariable(wanted, true) };
    const replace = (text: OptionValue) =>
      isSecretValue(name) || (typeof text === "string" && holdsCredentials(text)) ? fromVariable(wanted, false) : text;
    return Array.isArray(value) ? value.map(replace) : replace(value);
  };

  const isLoop = names.length > 1;
  const body = {
    // A name has no character that means anything to JSON or a shell.
    name: isLoop ? new FromShell("$name") : machine.name,
    driver: machine.driver,
    driverConfig: Object.fromEntries(
      Object.entries(machine.driverConfig).map(([name, value]) => [name, replaceOption(name, value as OptionValue)]),
    ),
    engine: mapEngine(machine.engine, (place, text) =>
      isSecretOfEngine(place, text) ? fromVariable(`ENGINE_${place.replace("environment.", "")}`, false) : text,
    ),
    labels: machine.labels,
  };
  const filled = Object.entries(body).filter(([, value]) => Object.keys(value).length > 0);
  const request = [
    `curl -sS ${quote(`${origin}/v1/machines`)}`,
    "-H 'content-type: application/json'",
    ...(needsKey ? ['-H "authorization: Bearer $KEY"'] : []),
    `-d '${writeJson(Object.fromEntries(filled))}'`,
  ].join(" \\\n  ");
  // One that is not set would make a machine with an empty secret.
  const isSet = variables.map(({ name }) => `"\${${name}:?}"`).join(" ");
  const guard = variables.length > 0 ? `: ${isSet} && \\\n` : "";
  const loop = `for name in ${names.join(" ")}; do\n${request}\ndone`;
  return { text: guard + (isLoop ? loop : request), variables };
}

/** As docker-machine itself calls it, if it does. */
function variableOf(name: string, option: FormOption | undefined): string {
  return option?.environmentVariable ?? option?.flag ?? name;
}

function freeName(wanted: string, used: Curl["variables"]): string {
  const plain = wanted
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/^-+/, "")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  const name = /^[A-Z]/.test(plain) ? plain : `VARIABLE_${plain}`;
  const isUsed = (candidate: string) => candidate === "KEY" || used.some((each) => each.name === candidate);
  let number = 2;
  if (!isUsed(name)) return name;
  while (isUsed(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

/** JSON for inside single quotes; what comes from the shell steps out of them. */
function writeJson(value: unknown): string {
  if (value instanceof FromShell) return `"'"${value.expression}"'"`;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, inner]) => `${writeJson(name)}:${writeJson(inner)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value).replaceAll("'", "'\\''");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
