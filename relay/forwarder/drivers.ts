// What the functions offer: asked of the create handler's address, kept for a moment, and shown on when it is away. And
// what they would run: asked anew each time.
import { Compile } from "typebox/compile";
import { CommandPreview, type CommandRequest, Driver } from "../../functions/contract.ts";
import { RelayError, refusalCodeOf } from "../errors.ts";
import { maskUrl } from "../masked-url.ts";
import type { Handler } from "../store/types.ts";
import type { Addresses } from "./addresses.ts";
import type { Clock, ForwarderConfig, ForwarderLog } from "./config.ts";
import { type Connections, describeError, parseJson, readText } from "./connections.ts";
import { parseHandlerUrl } from "./places.ts";
import { codeOf } from "./probes.ts";

const driverCheck = Compile(Driver);
const previewCheck = Compile(CommandPreview);
/** Of somebody else's functions: they have no such route. */
const noSuchRoute: readonly number[] = [404, 405, 501];
/** A problem's words are shown to whoever asked. */
const problemCharactersMax = 4_096;
/** The handler at whose address the drivers are. */
const driversHandler = "create";
/** Names that were asked for, kept at once. */
const cachedNamesMax = 200;

/** `command` null: these functions do not say what they run. */
export type SaidCommand = Omit<CommandPreview, "command"> & { command: string[] | null };

interface Question {
  method: "GET" | "POST";
  /** Relative to the handler's URL. */
  path: string;
  body?: string;
}

interface Cached<T> {
  value: T;
  at: number;
}

export interface DriverParts {
  handlers: () => Promise<Handler[]>;
  addresses: Addresses;
  connections: Connections;
  config: ForwarderConfig;
  clock: Clock;
  log: ForwarderLog;
}

export class Drivers {
  readonly #parts: DriverParts;
  readonly #cache = new Map<string, Cached<unknown>>();
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** Null: the functions were never reached. */
  async list(): Promise<Driver[] | null> {
    return this.#cached("drivers", (value) => {
      const drivers = typeof value === "object" && value !== null && "drivers" in value ? value.drivers : null;
      return Array.isArray(drivers) && drivers.every((driver) => driverCheck.Check(driver)) ? drivers : null;
    });
  }

  /** Null: the functions were never asked for it with success. @throws RelayError `driver.unknown` */
  async describe(name: string): Promise<Driver | null> {
    return this.#cached(`drivers/${encodeURIComponent(name)}`, (value) => (driverCheck.Check(value) ? value : null));
  }

  /** Null: the functions were not reached. @throws RelayError, as they refuse the options */
  async preview(name: string, request: CommandRequest): Promise<SaidCommand | null> {
    const path = `drivers/${encodeURIComponent(name)}/command`;
    try {
      return await this.#ask({ method: "POST", path, body: JSON.stringify(request) }, readPreview);
    } catch (error) {
      if (error instanceof RelayError) throw error;
      this.#parts.log.debug({ path, reason: describeError(error) }, "no command asked");
      return null;
    }
  }

  async #cached<T>(path: string, read: (value: unknown) => T | null): Promise<T | null> {
    const { clock, config, log } = this.#parts;
    const known = this.#cache.get(path) as Cached<T> | undefined;
    if (known && known.at + config.driversCacheMs > clock.monotonic()) return known.value;
    try {
      // Many who ask at once are one question.
      const question =
        (this.#underWay.get(path) as Promise<T> | undefined) ??
        this.#ask({ method: "GET", path }, (status, answer) => {
          if (status === 404 && codeOf(answer) === "driver.unknown") throw unknownDriver(path, answer);
          return status === 200 ? read(answer) : null;
        });
      this.#underWay.set(path, question);
      const value = await question.finally(() => this.#underWay.delete(path));
      if (!this.#cache.has(path) && this.#cache.size >= cachedNamesMax) this.#cache.clear();
      this.#cache.set(path, { value, at: clock.monotonic() });
      return value;
    } catch (error) {
      if (error instanceof RelayError) throw error;
      log.debug({ path, reason: describeError(error) }, "drivers not asked");
      return known?.value ?? null;
    }
  }

  /** `read` null: that is no answer, and the next address is asked. */
  async #ask<T>({ path, ...question }: Question, read: (status: number, answer: unknown) => T | null): Promise<T> {
    const { handlers, addresses, connections, config } = this.#parts;
    const handlerUrl = (await handlers()).find(({ name }) => name === driversHandler)?.url;
    const url = handlerUrl ? parseHandlerUrl(handlerUrl) : null;
    if (!url) throw new Error(`the handler "${driversHandler}" has no URL`);
    let failure: unknown = new Error(`${maskUrl(url.href)} has no address`);
    for (const address of await addresses.of(url)) {
      try {
        const response = await connections.request({
          url,
          address,
          ...question,
          path: new URL(path, url).pathname,
          headersTimeoutMs: config.firstByteTimeoutMs,
          bodyTimeoutMs: config.firstByteTimeoutMs,
        });
        const answer = parseJson(await readText(response.body, config.messageBytesMax));
        const value = read(response.status, answer);
        if (value !== null) return value;
        failure = new Error(`${maskUrl(url.href)} answered ${path} with status ${response.status} and nothing of use`);
      } catch (error) {
        if (error instanceof RelayError) throw error;
        addresses.avoid(address);
        failure = error;
      }
    }
    throw failure;
  }
}

function readPreview(status: number, answer: unknown): SaidCommand | null {
  if (noSuchRoute.includes(status)) return { command: null, environment: [], files: [] };
  if (status === 422) throw refusal(answer);
  return status === 200 && previewCheck.Check(answer) ? answer : null;
}

function refusal(problem: unknown): RelayError {
  const { detail, field, expected, got } = (problem ?? {}) as Record<string, unknown>;
  const shown = { field, expected, got };
  const words = Object.entries(shown).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return new RelayError(refusalCodeOf(codeOf(problem)), {
    message: String(detail ?? "the functions refuse these options").slice(0, problemCharactersMax),
    ...Object.fromEntries(words.map(([name, text]) => [name, text.slice(0, problemCharactersMax)])),
  });
}

function unknownDriver(path: string, problem: unknown): RelayError {
  const name = decodeURIComponent(path.slice("drivers/".length));
  const { detail, expected } = problem as { detail?: unknown; expected?: unknown };
  return new RelayError("driver.unknown", {
    message: typeof detail === "string" ? detail : `there is no driver "${name}"`,
    field: "name",
    ...(typeof expected === "string" ? { expected } : {}),
    got: name,
  });
}
