// Copies an image from the engine that runs the machine to the machine's own: it needs no registry then, and no two
// machines fetch the same.
import type { MachineRecord } from "../machine/record.ts";
import { Failure, print } from "../program.ts";
import { pipeDocker } from "./docker-client.ts";
import { pullIfMissing } from "./image.ts";
import { openEngineOf } from "./outer-engine.ts";
import { urlOf } from "./record.ts";
import { wordsOf } from "./words.ts";

/** @throws Failure when the engine does not have it and cannot get it, or the machine's does not take it */
export async function lendImage(record: MachineRecord, image: string): Promise<void> {
  const engine = await openEngineOf(record);
  await pullIfMissing(engine, image, (words) => print("stdout", `(${record.Name}) ${words}`));
  const { CaCertPath, ClientCertPath, ClientKeyPath } = record.HostOptions.AuthOptions;
  const { source, target } = await pipeDocker(
    { words: ["save", image], surroundings: engine.surroundings },
    {
      words: [
        ...["--tlsverify", `--tlscacert=${CaCertPath}`, `--tlscert=${ClientCertPath}`, `--tlskey=${ClientKeyPath}`],
        ...[`--host=${urlOf(record)}`, "load"],
      ],
      surroundings: { DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined },
    },
  );
  if (source.exitCode !== 0) throw new Failure(wordsOf(source));
  if (target.exitCode !== 0) throw new Failure(wordsOf(target));
}
