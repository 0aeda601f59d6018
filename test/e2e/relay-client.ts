// The relay as a person's program sees it: HTTP, and the stream of events. Nothing else of it is known here.
import { EventSourceParserStream } from "eventsource-parser/stream";

/** As much of a machine as the tests look at. */
export interface Machine {
  id: string;
  name: string;
  /** At the provider. */
  machineName: string;
  state: string;
  transitioningMessage: string | null;
  transitioningProgress: number | null;
  stage: string | null;
  error: { code: string; message: string } | null;
  ipAddress: string | null;
  /** Of the instance or droplet. */
  providerId: string | null;
  hasArchive: boolean;
  process: {
    id: string;
    name: string;
    attempt: number;
    waitingFor: string | null;
    error: { code: string; message: string } | null;
  } | null;
  agent: { state: string; engineVersion: string | null; containers: { name: string; state: string }[] };
}

export interface HistoryEntry {
  kind: string;
  message: string;
  run: number | null;
}

const minute = 60_000;
/** The longest that any step of a machine takes: a wrong SSH key is tried for three minutes. */
const stepMsMax = 8 * minute;

export class RelayClient {
  readonly url: string;
  readonly #key: string | null;

  constructor(url: string, key: string | null = null) {
    this.url = url;
    this.#key = key;
  }

  /** @throws Error with the problem, for any answer that is none of 2xx */
  async ask(method: string, path: string, body?: unknown, options: RequestInit = {}): Promise<Response> {
    const headers = new Headers(options.headers);
    if (this.#key) headers.set("authorization", `Bearer ${this.#key}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(this.url + path, { ...options, method, headers, ...content });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.ask(method, path, body)).json() as Promise<T>;
  }

  create(machine: { name: string; driver: string; driverConfig?: unknown }): Promise<Machine> {
    return this.json("POST", "/v1/machines", machine);
  }

  async list(): Promise<Machine[]> {
    return (await this.json<{ data: Machine[] }>("GET", "/v1/machines?deleted=true")).data;
  }

  async history(id: string): Promise<HistoryEntry[]> {
    return (await this.json<{ data: HistoryEntry[] }>("GET", `/v1/machines/${id}/history?limit=200`)).data;
  }

  /** The machine as it is, then at every change, as the relay's event stream tells it. Ends only with an error. */
  async *watch(id: string, signal: AbortSignal): AsyncGenerator<Machine, never> {
    const headers = { accept: "text/event-stream" };
    const path = "/v1/subscribe?eventNames=resource.change&eventNames=ping";
    const { body } = await this.ask("GET", path, undefined, { headers, signal });
    // Piped at once: fetch cancels a body that nobody reads yet as soon as its response is garbage.
    const messages = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    // Asked only now that the stream is open, so that nothing falls in between.
    yield await this.json("GET", `/v1/machines/${id}`);
    for await (const { data } of messages as unknown as AsyncIterable<{ data: string }>) {
      const event = JSON.parse(data) as { name: string; resourceId: string; data: { machine: Machine } };
      if (event.name === "resource.change" && event.resourceId === id) yield event.data.machine;
    }
    throw new Error("the relay ended its event stream");
  }

  /**
   * The first state of the machine that is as wanted.
   * @throws Error at once when the machine goes into `error` instead, or waits for a person
   */
  async until(
    id: string,
    isWanted: (machine: Machine) => boolean,
    seen: Machine[] = [],
    over = new AbortController(),
  ): Promise<Machine> {
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(stepMsMax)]);
    try {
      for await (const machine of this.watch(id, signal)) {
        seen.push(machine);
        if (isWanted(machine)) return machine;
        // A machine that failed does not get better by waiting.
        if (machine.state === "error") throw new Error(`in error: ${machine.error?.message}`);
        if (machine.process?.waitingFor) throw new Error(`it waits for ${machine.process.waitingFor}`);
      }
    } catch (cause) {
      const last = seen.at(-1);
      throw new Error(`waited for ${isWanted} in vain; last seen ${JSON.stringify(last)}: ${cause}`, { cause });
    }
    throw new Error("unreachable: a watch never ends by itself");
  }

  /** Waits for what is told elsewhere. @throws Error at once when the machine goes into `error` meanwhile */
  async meanwhile<T>(id: string, awaited: Promise<T>): Promise<T> {
    const over = new AbortController();
    const failed = this.until(id, () => false, [], over).then(() => awaited);
    try {
      return await Promise.race([awaited, failed]);
    } finally {
      failed.catch(() => {});
      over.abort();
    }
  }
}

export const isActiveWithAgent = ({ state, agent }: Machine) => state === "active" && agent.state === "connected";
export const isFailed = ({ state }: Machine) => state === "error";
export const isDeleted = ({ state }: Machine) => state === "deleted";

/** Nothing tells from outside when a program has begun to listen, so it is asked again and again. */
export async function untilReady(url: string, withinMs: number, isOver: () => boolean = () => false): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline && !isOver()) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} is not ready`);
}
