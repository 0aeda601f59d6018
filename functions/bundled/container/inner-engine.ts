// The machine's own engine, asked over TLS with the machine's certificates, as whoever has its archive would.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { isIPv6 } from "node:net";
import { text } from "node:stream/consumers";
import type { MachineRecord } from "../machine/record.ts";
import { Failure } from "../program.ts";
import { knownFieldsOf } from "./record.ts";

const answerMsMax = 5_000;

/** @throws Failure in the words of Go's network library, which docker-machine's are */
export async function engineVersionOf(record: MachineRecord): Promise<string> {
  const { IPAddress: host } = record.Driver;
  const { EnginePort: port } = knownFieldsOf(record);
  const { CaCertPath, ClientCertPath, ClientKeyPath } = record.HostOptions.AuthOptions;
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  if (host === "") throw new Failure(`dial tcp ${place}: the machine has no address`);
  try {
    const asked = request({
      ...{ host, port, path: "/version", agent: false, signal: AbortSignal.timeout(answerMsMax) },
      ...{ ca: readFileSync(CaCertPath), cert: readFileSync(ClientCertPath), key: readFileSync(ClientKeyPath) },
    });
    asked.end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const { Version: version } = JSON.parse(await text(answer)) as { Version?: unknown };
    if (typeof version === "string" && version !== "") return version;
    throw new Failure(`Get "https://${place}/version": ${answer.statusCode}, and no version in it`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(describe(error as NodeJS.ErrnoException, place));
  }
}

function describe({ code, name, message }: NodeJS.ErrnoException, place: string): string {
  if (code === "ECONNREFUSED") return `dial tcp ${place}: connect: connection refused`;
  if (code === "EHOSTUNREACH") return `dial tcp ${place}: connect: no route to host`;
  if (code === "ETIMEDOUT" || name === "TimeoutError" || name === "AbortError") return `dial tcp ${place}: i/o timeout`;
  if (code?.startsWith("ERR_TLS_CERT") || /certificate/i.test(message)) return `x509: ${message}`;
  return `dial tcp ${place}: ${message}`;
}
