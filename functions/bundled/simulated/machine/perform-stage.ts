// Goes through one stage: says its lines, takes its time, and does there what was ordered.
import { setTimeout as wait } from "node:timers/promises";
import { Failure, print } from "../../program.ts";
import type { Orders, StageName } from "../orders.ts";
import { shareTotal, stages } from "./stages.ts";

const noiseEveryMs = 20;

/**
 * An order for the stage is carried out in the middle of its time; `effect` comes after it.
 * @throws Failure when the stage is ordered to fail
 */
export async function enterStage(
  stage: StageName,
  name: string,
  orders: Orders,
  effect: () => void = () => undefined,
): Promise<void> {
  const { lines, share } = stages[stage];
  for (const line of lines) print("stdout", line.replace("{name}", name));
  const stageMs = (orders.durationMs * share) / shareTotal;
  await waitFor(stageMs / 2);
  await obey(stage, orders);
  effect();
  await waitFor(stageMs / 2);
}

/** More lines, for as long as the create lasts, also while it hangs. */
export function startNoise(name: string, linesPerSecond: number): () => void {
  if (linesPerSecond === 0) return () => undefined;
  const startedAt = performance.now();
  let written = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * linesPerSecond);
    while (written < due) {
      written += 1;
      print("stdout", `(${name}) Line ${written} of the noise that was ordered`);
    }
  }, noiseEveryMs);
  return () => clearInterval(timer);
}

async function obey(stage: StageName, orders: Orders): Promise<void> {
  if (orders.dieAt === stage) process.kill(process.pid, "SIGKILL");
  if (orders.hangAt === stage) await hangForEver();
  if (orders.failAt !== stage) return;
  const { errorPrefix } = stages[stage];
  // docker-machine quotes what a pre-create check says, and exits with 3.
  if (stage === "pre-create") throw new Failure(`${errorPrefix}${JSON.stringify(orders.failMessage)}`, 3);
  throw new Failure(`${errorPrefix}${orders.failMessage}`);
}

async function hangForEver(): Promise<never> {
  const longMs = 2 ** 31 - 1;
  for (;;) await wait(longMs);
}

async function waitFor(ms: number): Promise<void> {
  if (ms > 0) await wait(ms);
}
