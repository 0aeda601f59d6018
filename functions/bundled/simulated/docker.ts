#!/usr/bin/env node
import { Failure, print, runProgram } from "../program.ts";
// A program with docker's commands, words, streams and exit codes, for the engines of simulated machines.
import { parseArguments } from "./engine/arguments.ts";
import { type Command, commands } from "./engine/commands.ts";
import { connect, globalShapes } from "./engine/engine.ts";
import { engineVersion } from "./orders.ts";

await runProgram(async (words) => {
  const globals = parseArguments("docker [OPTIONS] COMMAND [ARG...]", words, globalShapes, true);
  if (globals.switches.has("version")) {
    print("stdout", `Docker version ${engineVersion}, build simulated`);
    return;
  }
  if (globals.rest.length === 0 || globals.switches.has("help")) {
    process.stdout.write(describeProgram());
    return;
  }
  const { command, rest } = findCommand(globals.rest);
  const line = parseArguments(command.usage, rest, command.shapes, command.stopsAtFirst);
  const { engine, problem } = connect(globals);
  if (engine !== null) {
    await command.act(engine, line);
    return;
  }
  const { before, prefix = "", suffix = "", exitCode = 1 } = command.whenGone ?? {};
  throw new Failure(`${prefix}${problem}${suffix}`, exitCode, before?.(line));
});

/** `docker container rm` is `docker rm`; some have a meaning of their own. */
function findCommand(words: readonly string[]): { command: Command; rest: readonly string[] } {
  const [first = "", second = "", ...more] = words;
  const own = commandOf(`${first} ${second}`);
  if (own !== null) return { command: own, rest: more };
  const short = first === "container" ? commandOf(second) : null;
  if (short !== null) return { command: short, rest: more };
  const command = commandOf(first);
  if (command !== null) return { command, rest: words.slice(1) };
  throw new Failure(`docker: unknown command: docker ${first}\n\nRun 'docker --help' for more information`);
}

function commandOf(name: string): Command | null {
  return Object.hasOwn(commands, name) ? commands[name]! : null;
}

function describeProgram(): string {
  const usages = Object.values(commands).map(({ usage }) => `  ${usage}`);
  return `Usage:  docker [OPTIONS] COMMAND [ARG...]\n\nThe engine of a simulated machine: nothing runs there but its agent.\n\n${usages.join("\n")}\n`;
}
