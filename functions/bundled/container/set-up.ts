// From a container that runs to an engine that answers.
import { setTimeout as wait } from "node:timers/promises";
import type { MachineRecord } from "../machine/record.ts";
import { Failure } from "../program.ts";
import { engineVersionOf } from "./inner-engine.ts";
import type { ContainerOptions } from "./options.ts";
import type { OuterEngine } from "./outer-engine.ts";
import { knownFieldsOf } from "./record.ts";
import { describeNoDockerd, wordsOf } from "./words.ts";

const upMsMax = 90_000;
const betweenTriesMs = 100;
const logLinesShown = 20;
/** Of start-dockerd.sh. */
const noDockerdExitCode = 127;

/** Puts it into the record, unless a published one is there already. @throws Failure */
export async function addressOf(engine: OuterEngine, record: MachineRecord): Promise<void> {
  if (isPublished(record)) return;
  const { ContainerId: id } = knownFieldsOf(record);
  const text = await engine.get(["container", "inspect", "--format", "{{json .NetworkSettings.Networks}}", id]);
  const networks = Object.values(
    JSON.parse(text) as Record<string, { IPAddress?: string; GlobalIPv6Address?: string }>,
  );
  const address = networks.map((network) => network.IPAddress || network.GlobalIPv6Address || "").find(Boolean);
  // One that has ended at once has none any more: told where its end is looked at.
  record.Driver.IPAddress = address ?? "";
}

const isPublished = ({ Driver: { IPAddress: address, Publish: publish } }: MachineRecord): boolean =>
  publish === address || (publish === "auto" && address === "127.0.0.1");

/** @throws Failure when its container ends, or the time is over */
export async function waitUntilUp(
  engine: OuterEngine,
  record: MachineRecord,
  { image }: Pick<ContainerOptions, "image">,
): Promise<void> {
  const { ContainerId: id } = knownFieldsOf(record);
  const over = new AbortController();
  const ended = engine
    .ask(["wait", id], { signal: over.signal })
    .catch(({ message }: Error) => ({ exitCode: null, stdout: "", stderr: message, startError: null }))
    .finally(() => over.abort());
  const startedAt = performance.now();
  let reason = "";
  try {
    while (!over.signal.aborted && performance.now() - startedAt < upMsMax) {
      try {
        await engineVersionOf(record);
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        reason = error.message;
      }
      await wait(betweenTriesMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
    if (!over.signal.aborted) throw new Failure(await describeSilence(engine, id, reason));
    const answer = await ended;
    if (answer.exitCode !== 0) throw new Failure(wordsOf(answer));
    throw new Failure(describeEnd(Number(answer.stdout.trim()), await lastWords(engine, id), image));
  } finally {
    over.abort();
    await ended;
  }
}

function describeEnd(exitCode: number, said: string, image: string): string {
  if (exitCode === noDockerdExitCode && /no dockerd in this image/.test(said)) return describeNoDockerd(image);
  return `The engine inside the machine does not come up: its container ended with exit code ${exitCode}. The last it said:\n${said}`;
}

async function describeSilence(engine: OuterEngine, id: string, reason: string): Promise<string> {
  const said = await lastWords(engine, id);
  if (/API listen on \[::\]:/.test(said)) {
    return `The engine inside the machine runs, but cannot be reached from here (${reason}). Choose another way to it with --container-publish or --container-network.`;
  }
  return `The engine inside the machine has not come up within ${upMsMax / 1000} s (${reason}). The last it said:\n${said}`;
}

async function lastWords(engine: OuterEngine, id: string): Promise<string> {
  const answer = await engine.ask(["logs", "--tail", String(logLinesShown), id]);
  const said = `${answer.stdout}${answer.stderr}`.trim();
  return answer.exitCode === 0 && said !== "" ? said : `nothing (${wordsOf(answer)})`;
}

/** It comes back with its engine; until now an end of it was to be seen. @throws Failure */
export async function keepUp(engine: OuterEngine, record: MachineRecord): Promise<void> {
  await engine.get(["update", "--restart", "unless-stopped", knownFieldsOf(record).ContainerId]);
}
