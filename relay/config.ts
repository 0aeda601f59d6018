// Reads the relay's configuration from the environment: once, whole, checked, frozen. Nothing else reads it.
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { archiveBytesMax, leaseMsDefault, messageBytesMax, settleMsDefault } from "../functions/contract.ts";
import * as as from "./config-values.ts";
import { type Environment, invalid, readVariable, type Variable, whole } from "./config-values.ts";

const second = 1000;
const minute = 60 * second;
/** Node's timers take no more. */
const timeMsMax = 2 ** 31 - 1;

const time = (variable: string, fallback: number) => whole(variable, fallback, { minimum: 1, maximum: timeMsMax });

/** Every variable, what it is by default, and what it may be. */
const variables = {
  host: { variable: "HOST", fallback: "127.0.0.1", parse: as.host },
  port: as.port("PORT", 8080),
  dataDirectory: { variable: "DATA_DIR", fallback: "./data", parse: as.text },
  /** Of operators. None: loopback only. */
  apiKeys: { variable: "API_KEYS", fallback: [], parse: as.keys, isSecret: true },
  /** Null: a file in the data directory, made at the first start. */
  sealingKey: { variable: "SEALING_KEY", fallback: null, parse: as.text, isSecret: true },
  /** Where agents reach this relay. Null: where it listens. */
  publicUrl: { variable: "PUBLIC_URL", fallback: null, parse: as.url },
  /** A second listener for agents alone. */
  agentListen: { variable: "AGENT_LISTEN", fallback: null, parse: as.hostAndPort },
  agentImage: { variable: "AGENT_IMAGE", fallback: "docker:28-cli", parse: as.text },
  /** Null: fetches the script and runs it. */
  agentCommand: { variable: "AGENT_COMMAND", fallback: null, parse: as.command },
  agentEnvironment: { variable: "AGENT_ENVIRONMENT", fallback: {}, parse: as.pairs },
  agentVolumes: { variable: "AGENT_VOLUMES", fallback: null, parse: as.list },
  functionsUrl: { variable: "FUNCTIONS_URL", fallback: "http://127.0.0.1:8081", parse: as.url },
  /** Null: `<FUNCTIONS_URL>/create`, and so on. */
  createUrl: { variable: "CREATE_URL", fallback: null, parse: as.url },
  bootstrapUrl: { variable: "BOOTSTRAP_URL", fallback: null, parse: as.url },
  deleteUrl: { variable: "DELETE_URL", fallback: null, parse: as.url },
  functionsSecret: { variable: "FUNCTIONS_SECRET", fallback: null, parse: as.key, isSecret: true },
  logLevel: { variable: "LOG_LEVEL", fallback: "info", parse: as.logLevel },
  silenceMs: time("SILENCE_MS", 15 * second),
  refireWaitMaxMs: time("REFIRE_WAIT_MAX_MS", 2 * minute),
  leaseMs: whole("LEASE_MS", leaseMsDefault, { minimum: 100, maximum: 60 * minute }),
  settleMs: time("SETTLE_MS", settleMsDefault),
  cancelMaxMs: time("CANCEL_MAX_MS", 5 * minute),
  invocationsMax: whole("INVOCATIONS_MAX", 50, { minimum: 1, maximum: 10_000 }),
  connectTimeoutMs: time("CONNECT_TIMEOUT_MS", 5 * second),
  firstByteTimeoutMs: time("FIRST_BYTE_TIMEOUT_MS", 15 * second),
  /** The largest request that is read: a reply with an archive in it. */
  bodyBytesMax: whole("BODY_BYTES_MAX", messageBytesMax, { minimum: 1024, maximum: 16 * archiveBytesMax }),
} as const satisfies Record<string, Variable<unknown>>;

type Parsed<V> = V extends { parse: (...given: never[]) => infer T } ? T : never;
type Fallback<V> = V extends { fallback: null } ? null : never;
export type RelayConfig = {
  readonly [Name in keyof typeof variables]: Parsed<(typeof variables)[Name]> | Fallback<(typeof variables)[Name]>;
};

/**
 * An empty value is as good as none. A secret may come from a file: `API_KEYS_FILE`, and so on.
 * @throws RelayError `config.invalid`, naming the variable, what was expected and what it was
 */
export function readConfig(environment: Environment, readFile: (path: string) => string = readText): RelayConfig {
  const config = Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, readVariable(variable, environment, readFile)]),
  ) as unknown as RelayConfig;
  if (config.apiKeys.length === 0 && !isLoopback(config.host)) {
    throw invalid(
      "API_KEYS",
      "one or more keys of at least 16 characters, because HOST is not loopback: anybody who reaches the port could make machines",
      "none",
    );
  }
  return Object.freeze(config);
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}

export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return isIP(host) === 4 ? host.startsWith("127.") : /^(::1|0:0:0:0:0:0:0:1|::ffff:127\..*)$/.test(host);
}

/** The URL at which a listener is reached. IPv6 wants its brackets. */
export function urlOf(host: string, port: number): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
