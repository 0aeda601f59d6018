// What the HTTP surface is put together from: interfaces only. app.ts puts the real ones in place.
import type { CommandRequest, Driver } from "../../functions/contract.ts";
import type { RelayConfig } from "../config.ts";
import type { Bus } from "../event-bus/bus.ts";
import type { Log } from "../log.ts";
import type { ProcessServer } from "../process-server/process-server.ts";
import type { Store } from "../store/types.ts";
import type { CommandView } from "./command-view.ts";
import type { CheckView, HandlerStatistics } from "./handler-view.ts";

/** The functions, as far as the surface needs them. The forwarder is behind it. */
export interface FunctionsAccess {
  /** @throws RelayError `functions.unreachable` when they were never seen */
  listDrivers(): Promise<Driver[]>;
  /** @throws RelayError `functions.unreachable`, `driver.unknown` */
  describeDriver(name: string): Promise<Driver>;
  /**
   * What a create would run. The driver is one that `describeDriver` has told of, and the request holds no secret.
   * @throws RelayError `functions.unreachable`, and as the functions refuse the options
   */
  previewCommand(driver: string, request: CommandRequest): Promise<CommandView>;
  check(handler: { name: string; url: string }): Promise<CheckView>;
  /** The URLs in it may be shown. Null: it has had nothing to do yet. */
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
