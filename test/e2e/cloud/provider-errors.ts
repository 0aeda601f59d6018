// Keeps what the real programs print when a cloud fails: the data of other tests. Written only when asked for.
import { mkdir, writeFile } from "node:fs/promises";
import type { Ended, MachineProgram } from "./machine-program.ts";
import type { DriverOptions } from "./provider.ts";

const directory = new URL("../../fixtures/provider-errors", import.meta.url).pathname;

/** Then the tests take their time: even a driver that tries for minutes is heard out. */
export const isCollecting = process.env.COLLECT_PROVIDER_ERRORS === "true";

/** @param options whose secrets, address and machine are replaced */
export async function keep(program: MachineProgram, name: string, ended: Ended, options: DriverOptions): Promise<void> {
  if (!isCollecting) return;
  const clean = (text: string) => replaceOurs(text, program.storage, options);
  const text = `exit ${ended.exitCode ?? "none"}\n== stdout\n${clean(ended.stdout)}\n== stderr\n${clean(ended.stderr)}\n`;
  await mkdir(`${directory}/${program.name}`, { recursive: true });
  await writeFile(`${directory}/${program.name}/${name}.txt`, text);
}

/** What is of this machine alone, or secret, becomes what it would be for anybody. */
function replaceOurs(text: string, storage: string, options: DriverOptions): string {
  const ours: [string, string][] = [
    [storage, "/storage"],
    [String(options.machine), "web-1"],
    [String(options.endpoint), "https://ec2.us-east-1.amazonaws.com"],
    ...[options.accessKey, options.secretKey, options.accessToken].map((each): [string, string] => [
      String(each),
      "SECRET",
    ]),
  ];
  return ours.reduce((clean, [from, to]) => clean.replaceAll(from, to), text);
}
