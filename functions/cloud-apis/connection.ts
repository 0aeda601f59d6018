// How docker-machine reaches a cloud: by the proxies and with the certificates of its environment. Ours go the same way.
import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { rootCertificates } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent, interceptors } from "undici";

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

/** Asked again after a 429, a 5xx, or a connection that broke: what we ask may be asked twice. */
const retries = { maxRetries: 4, minTimeout: second / 2, maxTimeout: 30 * second, throwOnError: false };

/** For undici's. */
export function openDispatcher(environment: Environment): Dispatcher {
  const certificates = readCertificates(environment);
  const tls = certificates === null ? {} : { ca: certificates };
  const read = (name: string): string | undefined => environment[name.toLowerCase()] || environment[name] || undefined;
  const [httpProxy, httpsProxy, noProxy] = [read("HTTP_PROXY"), read("HTTPS_PROXY"), read("NO_PROXY")];
  const proxies = new EnvHttpProxyAgent({
    // Not from the environment of this process: docker-machine's counts.
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
    noProxy: noProxy ?? "",
    connect: { timeout: connectMsMax, ...tls },
    requestTls: { timeout: connectMsMax, ...tls },
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
  });
  return proxies.compose(interceptors.retry(retries));
}

/** Those that Go, and so docker-machine, is led to by SSL_CERT_FILE, beside the usual ones. Null: the usual ones. */
function readCertificates({ SSL_CERT_FILE: file }: Environment): string[] | null {
  return file ? [...rootCertificates, readFileSync(file, "utf8")] : null;
}
