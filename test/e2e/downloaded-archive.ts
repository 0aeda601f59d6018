// What a person does with a machine's archive: downloads it, unpacks it, and speaks to the machine's engine with it.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Machine, RelayClient } from "./relay-client.ts";

export class DownloadedArchive implements AsyncDisposable {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Paths of all files in it. */
  files(): Promise<string[]> {
    return readdir(this.#directory, { recursive: true });
  }

  /** What a docker prints that has nothing but this archive and the machine's address. @throws ExecaError */
  async docker({ ipAddress }: Machine, commandLine: readonly string[]): Promise<string> {
    const certificate = (file: string) => join(this.#directory, "certs", `${file}.pem`);
    const { stdout } = await execa("docker", [
      ...["--tlsverify", "--tlscacert", certificate("ca"), "--tlscert", certificate("cert")],
      ...["--tlskey", certificate("key"), "--host", `tcp://${ipAddress}:2376`],
      ...commandLine,
    ]);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** @throws Error with the relay's problem when there is none */
export async function downloadArchive(client: RelayClient, id: string): Promise<DownloadedArchive> {
  const answer = await client.ask("GET", `/v1/machines/${id}/archive`);
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  const archive = join(directory, "archive.tar.gz");
  await writeFile(archive, Buffer.from(await answer.arrayBuffer()), { mode: 0o600 });
  await execa("tar", ["-xzf", archive, "-C", directory]);
  await rm(archive);
  return new DownloadedArchive(directory);
}
