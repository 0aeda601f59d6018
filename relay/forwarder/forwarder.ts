// Hears process events on the bus and forwards them over HTTP to functions: one lane for each resource, one cap for all,
// and a cancel overtakes both. What it knows can be lost: the process server fires again, and runs are joined.
import type { CommandRequest, Driver } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { Answers, EventRef } from "../event-bus/answers.ts";
import { type Bus, type Frame, isProcessEvent } from "../event-bus/bus.ts";
import { handlerOf, type Notice } from "../event-bus/events.ts";
import type { Handler } from "../store/types.ts";
import { Addresses, type Lookup } from "./addresses.ts";
import { type Clock, type ForwarderConfig, type ForwarderLog, forwarderDefaults, systemClock } from "./config.ts";
import { Connections } from "./connections.ts";
import { Drivers, type SaidCommand } from "./drivers.ts";
import { checkHandler, type HandlerHealth } from "./handler-check.ts";
import { Jobs } from "./jobs.ts";
import { Leases } from "./leases.ts";
import { Places } from "./places.ts";
import { Probes } from "./probes.ts";
import { RunRequests } from "./run-requests.ts";
import { type ForwarderStatistics, type HandlerStatistics, Statistics } from "./statistics.ts";

export interface Forwarder {
  /** Hears the bus from here on. */
  start(): void;
  /** Ends all streams at once. The runs live on at the functions, and are joined after a restart. */
  stop(): Promise<void>;
  /** @throws RelayError `handler.noUrl` */
  check(handler: Pick<Handler, "name" | "url">): Promise<HandlerHealth>;
  statistics(): ForwarderStatistics;
  /** Null: it has had nothing to do yet. */
  handlerStatistics(name: string): HandlerStatistics | null;
  /** Null: the functions were never reached. */
  listDrivers(): Promise<Driver[] | null>;
  /** With its options. Null: the functions were never reached. @throws RelayError `driver.unknown` */
  describeDriver(name: string): Promise<Driver | null>;
  /** What a create would run. Null: the functions were not reached. @throws RelayError, as they refuse the options */
  previewCommand(driver: string, request: CommandRequest): Promise<SaidCommand | null>;
}

export interface ForwarderParts {
  bus: Bus;
  answers: Answers;
  handlers: () => Promise<Handler[]>;
  config?: Partial<ForwarderConfig>;
  log: ForwarderLog;
  clock?: Clock;
  lookup?: Lookup;
}

export function createForwarder(parts: ForwarderParts): Forwarder {
  const { bus, answers, handlers, log, clock = systemClock } = parts;
  const config: ForwarderConfig = Object.freeze({ ...forwarderDefaults, ...parts.config });
  const connections = new Connections(config);
  const addresses = new Addresses(config, clock, parts.lookup);
  const probes = new Probes(connections, config, clock);
  const statistics = new Statistics(clock);
  const drivers = new Drivers({ handlers, addresses, connections, config, clock, log });
  const jobs = new Jobs({
    answers,
    handlers,
    config,
    clock,
    log,
    connections,
    addresses,
    probes,
    statistics,
    places: new Places(addresses, probes),
    requests: new RunRequests(connections, config),
    leases: new Leases(clock),
  });
  let unsubscribe: (() => void) | null = null;

  function deliver({ event }: Frame): void {
    if (isProcessEvent(event)) {
      // A handler without a URL hears the bus itself.
      if (handlerOf(event.name) === null) jobs.take(event);
    } else if (event.name === "process.cancel") {
      const ref = cancelledBy(event);
      if (ref) jobs.cancel(ref);
    }
  }

  return {
    start() {
      unsubscribe ??= bus.subscribe({
        names: ["machine.*", "process.cancel"],
        mayAnswer: (name) => handlerOf(name) === null,
        deliver,
      });
    },
    async stop() {
      unsubscribe?.();
      await jobs.stop();
      await connections.close();
    },
    async check({ name, url }) {
      if (url === null) {
        const message = `the handler "${name}" is a subscriber: it has no URL to check`;
        throw new RelayError("handler.noUrl", { message, field: "url" });
      }
      return checkHandler({ name, url }, { addresses, probes });
    },
    statistics: () => jobs.statistics(),
    handlerStatistics: (name) => jobs.statistics().handlers.find(({ handler }) => handler === name) ?? null,
    listDrivers: () => drivers.list(),
    describeDriver: (name) => drivers.describe(name),
    previewCommand: (driver, request) => drivers.preview(driver, request),
  };
}

function cancelledBy({ data }: Notice): EventRef | null {
  const { eventId, machineId } = (data ?? {}) as Record<string, unknown>;
  return typeof eventId === "string" && typeof machineId === "string" ? { eventId, machineId } : null;
}
