// How docker-machine reaches a cloud: by the proxies and with the certificates of its environment. Ours go the same way.
import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { rootCertificates } from "node:tls";
import { EnvHttpProxyAgent } from "undici";

export type Environment = Readonly<Record<string, string>>;

const second = 1000;
export const connectMsMax = 10 * second;
export const answerMsMax = 30 * second;

/** For Node's own client. */
export function openAgents(environment: Environment): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const proxyEnv = { ...environment };
  const certificates = readCertificates(environment);
  return {
    httpAgent: new HttpAgent({ proxyEnv }),
    httpsAgent: new HttpsAgent({ proxyEnv, ...(certificates && { ca: certificates }) }),
  };
}

/** For undici's. */
export function openDispatcher(environment: Environment): EnvHttpProxyAgent {
  const certificates = readCertificates(environment);
  const tls = certificates === null ? {} : { ca: certificates };
  const read = (name: string): string | undefined => environment[name.toLowerCase()] || environment[name] || undefined;
  const [httpProxy, httpsProxy, noProxy] = [read("HTTP_PROXY"), read("HTTPS_PROXY"), read("NO_PROXY")];
  return new EnvHttpProxyAgent({
    // Not from the environment of this process: docker-machine's counts.
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
    noProxy: noProxy ?? "",
    connect: { timeout: connectMsMax, ...tls },
    requestTls: { timeout: connectMsMax, ...tls },
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
  });
}

/** Those that Go, and so docker-machine, is led to by SSL_CERT_FILE, beside the usual ones. Null: the usual ones. */
function readCertificates({ SSL_CERT_FILE: file }: Environment): string[] | null {
  return file ? [...rootCertificates, readFileSync(file, "utf8")] : null;
}
