// What a reply says of a machine that has been created: its address, engine, id at the provider, and the way in by SSH.
import { isIP } from "node:net";
import type { ReplyMachine } from "../contract.ts";
import { parseConfigFlags } from "./config-flags.ts";
import type { Job } from "./machine-job.ts";
import { driverFieldsOf, providerIdOf } from "./record.ts";
import { sshAccessIn } from "./ssh-access.ts";

const second = 1000;
/** The machine is there; that it does not tell its version in time is no reason to lose it. */
const questionMsMax = 20 * second;

export type MachineFacts = Required<Pick<ReplyMachine, "ipAddress" | "engineVersion" | "url" | "providerId" | "ssh">>;

/** Null for what cannot be learned. @throws when aborted */
export async function readFacts(job: Job): Promise<MachineFacts> {
  const { machineName, driver } = job.machine;
  const record = (await job.storage.readRecord()) ?? "{}";
  const fields = driverFieldsOf(record) ?? {};
  // One after the other: two docker-machines at work on one record may both want to save it.
  const url = await readUrl(job);
  const version = await ask(job, ["version", machineName]);
  return {
    ipAddress: addressFrom(fields.IPAddress) ?? addressFrom(await ask(job, ["ip", machineName])),
    engineVersion: version !== null && /^\d[\w.+~-]*$/.test(version) ? version : null,
    url,
    providerId: providerIdOf(driver, record),
    ssh: sshAccessIn({
      driver,
      machineName,
      fields,
      storageDirectory: job.storage.directory,
      storedPaths: await job.storage.listFiles(),
    }),
  };
}

async function readUrl(job: Job): Promise<string | null> {
  const flags = await ask(job, ["config", job.machine.machineName]);
  if (flags !== null) return parseConfigFlags(flags).url;
  // Without a daemon that answers (driver `none`) the address is all there is.
  const url = await ask(job, ["url", job.machine.machineName]);
  return url !== null && URL.canParse(url) ? url : null;
}

async function ask(job: Job, question: readonly string[]): Promise<string | null> {
  const result = await job.run(question, { timeoutMs: questionMsMax, isLogged: false });
  return result.exitCode === 0 ? withoutPluginTalk(result.stdout) : null;
}

/** The fork's plugins say goodbye on stdout, before the answer or after it. */
export function withoutPluginTalk(output: string): string {
  const lines = output.split("\n").filter((line) => !/^\([^)\s]+\) /.test(line));
  return lines.join("\n").trim();
}

/** The driver `none` records its address with the port. */
export function addressFrom(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value.trim().split("\n")[0]!;
  const [, bracketed] = /^\[([0-9A-Fa-f:.]+)\](?::\d+)?$/.exec(text) ?? [];
  const host = bracketed ?? text.replace(/^([^:]+):\d+$/, "$1");
  return isIP(host) !== 0 || /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(host) ? host : null;
}
