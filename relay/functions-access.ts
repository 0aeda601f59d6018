// The forwarder, as the HTTP surface and the assembly see it.
import { beatEveryMs, type Driver } from "../functions/contract.ts";
import type { CommandView } from "./api/command-view.ts";
import type { FunctionsAccess } from "./api/parts.ts";
import type { RelayConfig } from "./config.ts";
import { RelayError } from "./errors.ts";
import type { Answers } from "./event-bus/answers.ts";
import type { Bus } from "./event-bus/bus.ts";
import { createForwarder } from "./forwarder/forwarder.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store/types.ts";

export interface Functions extends FunctionsAccess {
  start(): void;
  stop(): Promise<void>;
  /** Waiting for their turn, and under way. */
  invocations(): { queued: number; running: number };
}

export interface FunctionsParts {
  config: RelayConfig;
  store: Store;
  bus: Bus;
  answers: Answers;
  log: Log;
}

export function connectFunctions({ config, store, bus, answers, log }: FunctionsParts): Functions {
  const { functionsSecret, leaseMs, silenceMs, connectTimeoutMs, firstByteTimeoutMs, bodyBytesMax } = config;
  const forwarder = createForwarder({
    bus,
    answers,
    handlers: () => store.listHandlers(),
    config: {
      ...{ functionsSecret, leaseMs, connectTimeoutMs, firstByteTimeoutMs },
      // A function beats every few seconds, whatever is configured here: one late beat is no silence.
      silenceMs: Math.max(silenceMs, 3 * beatEveryMs),
      keepAliveEveryMs: Math.min(beatEveryMs, Math.ceil(silenceMs / 3)),
      concurrencyMax: config.invocationsMax,
      messageBytesMax: bodyBytesMax,
    },
    log,
  });
  return {
    start: () => forwarder.start(),
    stop: () => forwarder.stop(),
    invocations: () => forwarder.statistics(),
    check: (handler) => forwarder.check(handler),
    handlerStatistics: (name) => forwarder.handlerStatistics(name),
    listDrivers: async () => reached<Driver[]>(await forwarder.listDrivers()),
    async describeDriver(name) {
      // As a part of a path it would lead elsewhere, and what answers there is not that there is no such driver.
      if (/^\.{1,2}$/.test(name)) throw unknownDriver(name);
      return reached<Driver>(await forwarder.describeDriver(name));
    },
    previewCommand: async (driver, request) => reached<CommandView>(await forwarder.previewCommand(driver, request)),
  };
}

function unknownDriver(name: string): RelayError {
  const got = JSON.stringify(name);
  return new RelayError("driver.unknown", { message: `there is no driver ${got}`, field: "name", got });
}

function reached<T>(answer: T | null): T {
  if (answer !== null) return answer;
  throw new RelayError("functions.unreachable", {
    message: "the functions cannot be reached: GET /v1/handlers/create/check says why",
  });
}
