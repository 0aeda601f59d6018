// The images of the engine that runs the machines: pulled where they are missing.
import { Failure } from "../program.ts";
import type { OuterEngine } from "./outer-engine.ts";
import { describeNoImage, wordsOf } from "./words.ts";

/** @param say is told what goes on, a line at a time @throws Failure that says what to do */
export async function pullIfMissing(engine: OuterEngine, image: string, say: (words: string) => void): Promise<void> {
  if (await hasImage(engine, image)) return;
  say(`Pulling image ${image}...`);
  const layers = { all: new Set<string>(), done: new Set<string>() };
  const answer = await engine.ask(["pull", image], {
    onLine: (line) => {
      const [, layer, what = ""] = /^([0-9a-f]{12}): (.*)$/.exec(line) ?? [];
      if (layer === undefined) return;
      layers.all.add(layer);
      if (!/^(Pull complete|Already exists)/.test(what) || layers.done.has(layer)) return;
      layers.done.add(layer);
      say(`Pulling image ${image}: ${layers.done.size} of ${layers.all.size} layers`);
    },
  });
  if (answer.exitCode !== 0) throw new Failure(describeNoImage(image, wordsOf(answer)));
}

/** @throws Failure when the engine cannot be asked */
async function hasImage(engine: OuterEngine, image: string): Promise<boolean> {
  const answer = await engine.ask(["image", "inspect", "--format", "{{.Id}}", image]);
  if (answer.exitCode === 0) return true;
  if (/no such image|invalid reference format/i.test(answer.stderr)) return false;
  throw new Failure(wordsOf(answer));
}
