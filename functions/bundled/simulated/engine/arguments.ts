// Reads a command line as docker's client does.
import { Failure } from "../../program.ts";

/** Names without dashes; `values` take one, `switches` do not. A short name stands behind its long one: `env,e`. */
export interface ArgumentShapes {
  values?: readonly string[];
  switches?: readonly string[];
}

export interface Arguments {
  /** By long name; each time that it was given. */
  values: Record<string, string[]>;
  switches: ReadonlySet<string>;
  rest: string[];
}

const wrongFlagExitCode = 125;

interface Found {
  name: string;
  takesValue: boolean;
}

/**
 * @param stopsAtFirst what follows the first word that is no flag belongs to somebody else
 * @throws Failure in docker's words
 */
export function parseArguments(
  usage: string,
  words: readonly string[],
  shapes: ArgumentShapes,
  stopsAtFirst = false,
): Arguments {
  const values: Record<string, string[]> = {};
  const switches = new Set<string>();
  const rest: string[] = [];
  const waiting = [...words];
  const command = usage.replace(/ \[OPTIONS\].*/s, "");
  const refuse = (reason: string) =>
    new Failure(`${reason}\n\nUsage:  ${usage}\n\nRun '${command} --help' for more information`, wrongFlagExitCode);

  const take = (name: string, shown: string, given: string | undefined) => {
    const found = findFlag(name, shapes);
    if (found === null) throw refuse(`unknown ${shown.startsWith("--") ? "flag" : "shorthand flag"}: ${shown}`);
    if (!found.takesValue) {
      if (given !== "false") switches.add(found.name);
      return;
    }
    const value = given ?? waiting.shift();
    if (value === undefined) throw refuse(`flag needs an argument: ${shown}`);
    values[found.name] ??= [];
    values[found.name]!.push(value);
  };

  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word === "--") {
      rest.push(...waiting.splice(0));
    } else if (word.startsWith("--")) {
      const [, name, given] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      take(name ?? "", `--${name}`, given);
    } else if (word.startsWith("-") && word !== "-") {
      takeShort(word.slice(1), shapes, take);
    } else {
      rest.push(word, ...(stopsAtFirst ? waiting.splice(0) : []));
    }
  }
  return { values, switches, rest };
}

/** `-aq` are two, `-eNAME` and `-e=NAME` are one with its value. */
function takeShort(
  letters: string,
  shapes: ArgumentShapes,
  take: (name: string, shown: string, given: string | undefined) => void,
): void {
  for (let index = 0; index < letters.length; index += 1) {
    const letter = letters[index]!;
    const after = letters.slice(index + 1);
    const takesValue = findFlag(letter, shapes)?.takesValue ?? false;
    if (takesValue) {
      take(letter, `-${letter}`, after === "" ? undefined : after.replace(/^=/, ""));
      return;
    }
    take(letter, `-${letter}`, undefined);
  }
}

function findFlag(name: string, { values = [], switches = [] }: ArgumentShapes): Found | null {
  for (const [shapes, takesValue] of [
    [values, true],
    [switches, false],
  ] as const) {
    const shape = shapes.find((candidate) => candidate.split(",").includes(name));
    if (shape !== undefined) return { name: shape.split(",")[0]!, takesValue };
  }
  return null;
}
