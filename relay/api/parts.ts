// What the HTTP surface is put together from: interfaces only. app.ts puts the real ones in place.
import type { Driver } from "../../functions/contract.ts";
import type { RelayConfig } from "../config.ts";
import type { Bus } from "../event-bus/bus.ts";
import type { Log } from "../log.ts";
import type { ProcessServer } from "../process-server/process-server.ts";
import type { Handler, Store } from "../store/types.ts";

/** What the forwarder knows of one handler's URL. */
export interface HandlerStatistics {
  /** Being worked on now. */
  inFlight: number;
  /** In a lane, or waiting for the cap. */
  queued: number;
  replies: number;
  meanReplyMs: number | null;
  /** Attempts that brought no reply. */
  errors: number;
  lastError: { at: number; code: string; message: string } | null;
}

/** What `check` found out about a handler's URL. */
export interface HandlerCheck {
  url: string;
  addresses: string[];
  isReachable: boolean;
  /** Null: unknown. */
  isReady: boolean | null;
  version: string | null;
  keepsLeases: boolean | null;
  /** Why not, in a sentence; null when all is well. */
  problem: string | null;
}

/** The functions, as far as the surface needs them. The forwarder is behind it. */
export interface FunctionsAccess {
  /** @throws RelayError `functions.unreachable` when they were never seen */
  listDrivers(): Promise<Driver[]>;
  /** @throws RelayError `functions.unreachable`, `driver.unknown` */
  describeDriver(name: string): Promise<Driver>;
  check(handler: Handler & { url: string }): Promise<HandlerCheck>;
  handlerStatistics(name: string): HandlerStatistics | null;
}

/** Whose token is it? Null: nobody's. */
export type AuthenticateAgent = (token: string) => Promise<{ machineId: string } | null>;

export interface ApiParts {
  config: RelayConfig;
  store: Store;
  processServer: ProcessServer;
  bus: Bus;
  functions: FunctionsAccess;
  authenticateAgent: AuthenticateAgent;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Where agents reach this relay; `problem` says why those on other hosts cannot, if that is so. */
  agentUrl: () => { url: string; problem: string | null };
  phase: () => "starting" | "ready" | "stopping";
  /** Prometheus text. */
  metrics: () => Promise<{ contentType: string; text: string }>;
}
