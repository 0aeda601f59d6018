// How docker-machine reaches a cloud: by the proxies and with the certificates of its environment. Ours go the same way.
import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { getCACertificates } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent, interceptors } from "undici";
import { WorkFailure } from "../work-failure.ts";

export type Environment = Readonly<Record<string, string>>;

const second = 1000;
export const connectMsMax = 10 * second;
export const answerMsMax = 30 * second;
export const answerBytesMax = 8 * 1024 * 1024;

/** For Node's own client. @throws WorkFailure */
export function openAgents(environment: Environment): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const proxyEnv = { ...environment };
  return {
    httpAgent: new HttpAgent({ proxyEnv }),
    httpsAgent: new HttpsAgent({ proxyEnv, ca: readCertificates(environment) }),
  };
}

/** Asked again after a 429, a 5xx, or a connection that broke: what we ask may be asked twice. */
const retries = { maxRetries: 4, minTimeout: second / 2, maxTimeout: 30 * second, throwOnError: false };

/** For undici's. @throws WorkFailure */
export function openDispatcher(environment: Environment): Dispatcher {
  const tls = { ca: readCertificates(environment) };
  const read = (name: string): string => environment[name.toLowerCase()] || environment[name] || "";
  const proxies = new EnvHttpProxyAgent({
    // Not from the environment of this process: docker-machine's counts.
    httpsProxy: read("HTTPS_PROXY"),
    noProxy: read("NO_PROXY"),
    // Undici would take it for https too, where there is no other; Go does not, and all that is asked here is https.
    httpProxy: "",
    connect: { timeout: connectMsMax, ...tls },
    requestTls: { timeout: connectMsMax, ...tls },
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
    maxResponseSize: answerBytesMax,
  });
  return proxies.compose(interceptors.retry(retries));
}

/** Those that Go, and so docker-machine, trusts: the system's, and those that SSL_CERT_FILE leads to. And Node's own. */
function readCertificates({ SSL_CERT_FILE: file }: Environment): string[] {
  const trusted = [...getCACertificates("default"), ...getCACertificates("system")];
  if (!file) return trusted;
  try {
    return [...trusted, readFileSync(file, "utf8")];
  } catch (error) {
    throw new WorkFailure("driver.failed", `SSL_CERT_FILE cannot be read: ${(error as Error).message}`);
  }
}

/** Node says nothing of a host with several addresses when none of them answers: its parts do. */
export function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.message === "") {
    return error.errors.map((each: Error) => each.message).join("; ");
  }
  return error.message;
}
