// A whole relay for tests of its HTTP surface: a real store in a directory of its own, the real process server, bus and
// agents. In place of the functions stands a catalogue that the test gives; handlers are subscribers, or nobody.
import type { InjectOptions } from "fastify";
import type { CommandRequest, Driver, DriverOption } from "../../../functions/contract.ts";
import type { StreamLimits } from "../../../relay/api/event-stream.ts";
import { buildRelay, type Relay } from "../../../relay/app.ts";
import { readConfig } from "../../../relay/config.ts";
import { RelayError } from "../../../relay/errors.ts";
import type { Functions } from "../../../relay/functions-access.ts";
import { createLog } from "../../../relay/log.ts";
import { openTemporaryStore, type TemporaryStore } from "../store/temporary-store.ts";

type Preview = CommandRequest & { driver: string };

export interface RunningRelay extends AsyncDisposable {
  relay: Relay;
  store: TemporaryStore["store"];
  /** What was logged, one JSON object on each line. */
  logged(): string;
  /** Functions that cannot be reached from now on. */
  loseFunctions(): void;
  /** Which commands the functions were asked for. */
  previews: Preview[];
  inject(options: InjectOptions & { key?: string }): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  /** Parsed, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape, and fail where it is another.
  body: any;
  text: string;
}

export interface Options {
  environment?: Record<string, string>;
  drivers?: Driver[];
  streamLimits?: StreamLimits;
}

export async function startRelay(options: Options = {}): Promise<RunningRelay> {
  const temporary = await openTemporaryStore();
  const lines: string[] = [];
  const log = createLog("debug", { write: (line) => void lines.push(line) });
  const functions = catalogueOf(options.drivers ?? drivers);
  const relay = await buildRelay({
    config: readConfig({ PORT: "0", ...options.environment }),
    store: temporary.store,
    log,
    connectFunctions: () => functions.access,
    ...(options.streamLimits ? { streamLimits: options.streamLimits } : {}),
  });
  await relay.start();
  return {
    relay,
    store: temporary.store,
    logged: () => lines.join(""),
    loseFunctions: functions.lose,
    previews: functions.previews,
    async inject({ key, headers, ...request }) {
      const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const response = await relay.app.inject({ ...request, headers: { ...authorization, ...headers } });
      const isJson = /json/.test(String(response.headers["content-type"]));
      const body = isJson && response.body ? response.json() : null;
      return { status: response.statusCode, headers: response.headers, body, text: response.body };
    },
    async [Symbol.asyncDispose]() {
      await relay.stop();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

function catalogueOf(known: Driver[]): { access: Functions; lose: () => void; previews: Preview[] } {
  let isReachable = true;
  const previews: Preview[] = [];
  function all(): Driver[] {
    if (isReachable) return known;
    throw new RelayError("functions.unreachable", { message: "nobody answers" });
  }
  return {
    previews,
    lose: () => {
      isReachable = false;
    },
    access: {
      start: () => {},
      stop: async () => {},
      invocations: () => ({ queued: 2, running: 1 }),
      listDrivers: async () => all().map(({ options: _, ...driver }) => driver),
      async describeDriver(name) {
        const driver = all().find((each) => each.name === name);
        if (driver) return driver;
        throw new RelayError("driver.unknown", { message: `there is no driver ${name}`, field: "name", got: name });
      },
      async previewCommand(driver, request) {
        previews.push({ driver, ...request });
        return { command: ["docker-machine", "create", request.machineName], environment: [], files: [] };
      },
      check: async ({ url }) => ({
        ...{ url, addresses: [], isReachable: false, isReady: null, version: null, keepsLeases: null },
        problem: `${url} refused the connection`,
      }),
      handlerStatistics: (name) =>
        name === "create"
          ? {
              ...{ inFlight: 3, queued: 2, replies: 3, meanReplyMs: 4, errors: 0, lastError: null },
              places: [
                { url: "http://before/create", inFlight: 1 },
                { url: "http://long-before/create", inFlight: 2 },
              ],
            }
          : null,
    },
  };
}

const program = { name: "docker-machine", version: "0.16.2", path: "/usr/local/bin/docker-machine" };

function option(name: string, flag: string, more: Partial<DriverOption> = {}): DriverOption {
  const plain = { type: "text", default: null, text: name, environmentVariable: null } as const;
  return { name, flag, ...plain, isSecret: false, isFile: false, ...more };
}

export const drivers: Driver[] = [
  {
    name: "digitalocean",
    program,
    unavailable: null,
    isSimulated: false,
    options: [
      option("accessToken", "--digitalocean-access-token", {
        isSecret: true,
        environmentVariable: "DIGITALOCEAN_ACCESS_TOKEN",
      }),
      option("region", "--digitalocean-region", { default: "nyc3" }),
      option("ipv6", "--digitalocean-ipv6", { type: "boolean" }),
      option("tags", "--digitalocean-tags", { type: "list" }),
      option("sshKeyPath", "--digitalocean-ssh-key-path", { isFile: true }),
    ],
  },
  {
    name: "generic",
    program,
    unavailable: null,
    isSimulated: false,
    options: [
      option("ipAddress", "--generic-ip-address", { environmentVariable: "GENERIC_IP_ADDRESS", isSetThere: false }),
    ],
  },
  {
    name: "rackspace",
    program,
    unavailable: null,
    isSimulated: false,
    options: [
      option("username", "--rackspace-username", { environmentVariable: "OS_USERNAME", isSetThere: true }),
      // Functions of somebody else, who do not say.
      option("apiKey", "--rackspace-api-key", { environmentVariable: "OS_API_KEY", isSecret: true }),
    ],
  },
  { name: "none", program, unavailable: null, isSimulated: false, options: [option("url", "--url")] },
  {
    name: "simulated",
    program,
    unavailable: null,
    isSimulated: true,
    options: [option("stageMs", "--simulated-stage-ms")],
  },
  { name: "exoscale", program: null, unavailable: "npm run get-docker-machine", isSimulated: false, options: [] },
];
