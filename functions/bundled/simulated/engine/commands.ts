// docker's commands, but for `run`: what each is asked, and what it answers.
import { existsSync, readFileSync } from "node:fs";
import { Failure, print } from "../../program.ts";
import { alignWithSpaces } from "../../table.ts";
import { renderTemplate, TemplateError } from "../../template.ts";
import { engineVersion } from "../orders.ts";
import type { Arguments, parseArguments } from "./arguments.ts";
import { type Container, findContainer, listContainers, logFile, removeContainer } from "./container.ts";
import { type ContainerRow, describeContainer, describeRow, stateOf } from "./describe.ts";
import type { Engine } from "./engine.ts";
import { describeImage, findImage, pull } from "./images.ts";
import { endAgent } from "./liveness.ts";
import { run, runShapes } from "./run.ts";

export interface Command {
  usage: string;
  shapes: Parameters<typeof parseArguments>[2];
  stopsAtFirst?: boolean;
  /** Said before the reason why nobody answers, and how it ends then. */
  whenGone?: { before?: (line: Arguments) => string; prefix?: string; suffix?: string; exitCode?: number };
  act: (engine: Engine, line: Arguments) => Promise<void> | void;
}

const formatShape = "format,f";
const blankOrList = ({ values }: Arguments) => (values.format === undefined ? "[]\n" : "\n");
const inspectCommand: Command = {
  usage: "docker inspect [OPTIONS] NAME|ID [NAME|ID...]",
  shapes: { values: [formatShape, "type"], switches: ["size,s"] },
  whenGone: { before: blankOrList },
  act: (engine, line) => inspect(engine, line, line.values.type?.at(-1)),
};

export const commands: Readonly<Record<string, Command>> = {
  run: {
    usage: "docker run [OPTIONS] IMAGE [COMMAND] [ARG...]",
    shapes: runShapes,
    stopsAtFirst: true,
    whenGone: { prefix: "docker: ", suffix: "\n\nRun 'docker run --help' for more information", exitCode: 125 },
    act: run,
  },
  pull: {
    usage: "docker pull [OPTIONS] NAME[:TAG|@DIGEST]",
    shapes: { values: ["platform"], switches: ["quiet,q"] },
    act: (engine, { rest, switches }) => pull(engine, onlyOne(rest, "docker pull"), switches.has("quiet")),
  },
  ps: {
    usage: "docker ps [OPTIONS]",
    shapes: { values: ["filter,f", "format", "last,n"], switches: ["all,a", "quiet,q", "no-trunc", "latest,l"] },
    act: listRows,
  },
  inspect: inspectCommand,
  "container inspect": { ...inspectCommand, act: (engine, line) => inspect(engine, line, "container") },
  "image inspect": { ...inspectCommand, act: (engine, line) => inspect(engine, line, "image") },
  rm: {
    usage: "docker rm [OPTIONS] CONTAINER [CONTAINER...]",
    shapes: { switches: ["force,f", "volumes,v", "link,l"] },
    act: remove,
  },
  logs: {
    usage: "docker logs [OPTIONS] CONTAINER",
    shapes: { values: ["tail,n", "since", "until"], switches: ["timestamps,t", "details"] },
    act: (engine, { rest }) => {
      const { name } = need(engine, onlyOne(rest, "docker logs"));
      const file = logFile(engine, name);
      if (existsSync(file)) process.stderr.write(readFileSync(file));
    },
  },
  version: {
    usage: "docker version [OPTIONS]",
    shapes: { values: [formatShape] },
    whenGone: { before: ({ values }) => (values.format === undefined ? `${clientWords}\n` : "\n") },
    act: (_, { values }) => {
      const format = values.format?.at(-1);
      if (format === undefined)
        print("stdout", `${clientWords}\n\nServer:\n Engine:\n  Version:          ${engineVersion}`);
      else print("stdout", render(format, { Client: { Version: engineVersion }, Server: { Version: engineVersion } }));
    },
  },
  info: {
    usage: "docker info [OPTIONS]",
    shapes: { values: [formatShape] },
    act: showInfo,
  },
};

const clientWords = `Client:\n Version:           ${engineVersion}\n Context:           default`;

function showInfo(engine: Engine, { values }: Arguments): void {
  const containers = listContainers(engine);
  const running = containers.filter((container) => stateOf(engine, container) === "running").length;
  const info = {
    ID: engine.vm.id,
    Name: engine.vm.name,
    ServerVersion: engineVersion,
    OperatingSystem: "Simulated",
    Containers: containers.length,
    ContainersRunning: running,
  };
  const format = values.format?.at(-1);
  if (format !== undefined) {
    print("stdout", render(format, info));
    return;
  }
  print(
    "stdout",
    `Server:\n Containers: ${containers.length}\n  Running: ${running}\n Server Version: ${engineVersion}`,
  );
  print("stdout", ` Operating System: ${info.OperatingSystem}\n Name: ${info.Name}\n ID: ${info.ID}`);
}

/** @param type what it must be; undefined: a container, or else an image */
function inspect(engine: Engine, line: Arguments, type: string | undefined): void {
  if (type !== undefined && type !== "container" && type !== "image") {
    throw new Failure(`unknown type: "${type}": must be one of "container", "image"`);
  }
  const find = (name: string) => {
    const container = type === "image" ? null : findContainer(engine, name);
    if (container !== null) return describeContainer(engine, container);
    const image = type === "container" ? null : findImage(engine, name);
    return image === null ? null : describeImage(image);
  };
  const describeMissing = (name: string) => {
    if (type === undefined) return `Error: No such object: ${name}`;
    if (type === "container") return `Error response from daemon: No such container: ${name}`;
    return `Error response from daemon: No such image: ${name.includes(":") ? name : `${name}:latest`}`;
  };
  show(line, find, describeMissing);
}

/** What is there is shown, what is not is said afterwards. */
function show(
  { values, rest }: Arguments,
  find: (name: string) => Record<string, unknown> | null,
  describeMissing: (name: string) => string,
): void {
  const format = values.format?.at(-1);
  const found = rest.map((name) => ({ name, thing: find(name) }));
  const things = found.map(({ thing }) => thing).filter((thing) => thing !== null);
  if (format === undefined) print("stdout", JSON.stringify(things, null, 4));
  else if (things.length === 0) print("stdout", "");
  else for (const thing of things) print("stdout", render(format, thing));
  const missing = found.filter(({ thing }) => thing === null).map(({ name }) => describeMissing(name));
  if (missing.length > 0) throw new Failure(missing.join("\n"));
}

function remove(engine: Engine, { rest, switches }: Arguments): void {
  if (rest.length === 0) {
    throw new Failure(
      "docker: 'docker rm' requires at least 1 argument\n\nSee 'docker rm --help' for more information",
    );
  }
  const isForced = switches.has("force");
  const problems: string[] = [];
  for (const reference of rest) {
    const container = findContainer(engine, reference);
    if (container === null) {
      // Said, but no failure where it was forced.
      if (isForced) print("stderr", `Error response from daemon: No such container: ${reference}`);
      else problems.push(`Error response from daemon: No such container: ${reference}`);
    } else if (!isForced && stateOf(engine, container) === "running") {
      problems.push(
        `Error response from daemon: cannot remove container "${reference}": container is running: stop the container before removing or force remove`,
      );
    } else {
      removeContainer(engine, container);
      if (container.agent !== null) endAgent(container.agent, container.id);
      print("stdout", reference);
    }
  }
  if (problems.length > 0) throw new Failure(problems.join("\n"));
}

function listRows(engine: Engine, { values, switches }: Arguments): void {
  const showsAll = switches.has("all") || switches.has("latest") || values.last !== undefined;
  const countMax = switches.has("latest") ? 1 : Number(values.last?.at(-1) ?? Number.POSITIVE_INFINITY);
  const isWanted = readFilters(values.filter ?? []);
  const rows = listContainers(engine)
    .filter((container) => isWanted(container, stateOf(engine, container)))
    .map((container) => describeRow(engine, container, switches.has("no-trunc")))
    .filter((row) => showsAll || row.State === "running" || values.filter?.some((text) => text.startsWith("status=")))
    .slice(0, countMax);
  const format = values.format?.at(-1);
  if (switches.has("quiet")) for (const row of rows) print("stdout", row.ID);
  else if (format !== undefined) for (const row of rows) print("stdout", render(format, row));
  else for (const line of alignWithSpaces([headings, ...rows.map(cellsOf)], columnWidthMin)) print("stdout", line);
}

const headings = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"];
const columnWidthMin = 10;

function cellsOf(row: ContainerRow): string[] {
  return [row.ID, row.Image, row.Command, row.RunningFor, row.Status, row.Ports, row.Names];
}

function readFilters(filters: readonly string[]): (container: Container, state: string) => boolean {
  const tests = filters.map((filter) => {
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(filter) ?? [];
    return { key, value };
  });
  return (container, state) =>
    tests.every(({ key, value }) => {
      if (key === "name") return new RegExp(value).test(`/${container.name}`) || container.name.includes(value);
      if (key === "id") return container.id.startsWith(value);
      if (key === "status") return state === value;
      if (key !== "label") throw new Failure(`Error response from daemon: Invalid filter '${key}'`);
      const [name = "", wanted] = value.split(/=(.*)/s, 2);
      return Object.hasOwn(container.labels, name) && (wanted === undefined || container.labels[name] === wanted);
    });
}

function render(format: string, data: unknown): string {
  try {
    return renderTemplate(format === "json" ? "{{json .}}" : format, data, { missingField: "error" });
  } catch (error) {
    if (error instanceof TemplateError) throw new Failure(`template parsing error: ${error.message}`, 1, "\n");
    throw error;
  }
}

function need(engine: Engine, name: string): Container {
  const container = findContainer(engine, name);
  if (container !== null) return container;
  throw new Failure(`Error response from daemon: No such container: ${name}`);
}

function onlyOne(rest: readonly string[], command: string): string {
  if (rest.length === 1) return rest[0]!;
  throw new Failure(`docker: '${command}' requires 1 argument\n\nSee '${command} --help' for more information`);
}
