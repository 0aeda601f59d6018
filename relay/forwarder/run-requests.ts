// What is asked about a run that was started: renew it, how is it, end it. Always at the one address where it lives.
import { Compile } from "typebox/compile";
import { InvocationState, type Renewal } from "../../functions/contract.ts";
import type { Run } from "../store/types.ts";
import type { ForwarderConfig } from "./config.ts";
import { type Connections, parseJson, readText } from "./connections.ts";

const stateCheck = Compile(InvocationState);

/** Null: it is not known there, or nobody answered. Neither proves that the run is over. */
export type KnownState = InvocationState | null;

export class RunRequests {
  readonly #connections: Connections;
  readonly #config: ForwarderConfig;

  constructor(connections: Connections, config: ForwarderConfig) {
    this.#connections = connections;
    this.#config = config;
  }

  /** Answers the status. @throws when nobody answered */
  async renew(run: Run, renewal: Renewal, signal: AbortSignal): Promise<number> {
    const { status } = await this.#ask(run, "POST", "", JSON.stringify(renewal), this.#config.renewEveryMs, signal);
    return status;
  }

  /** A kept reply, a newer checkpoint, or nothing. */
  look(run: Run, signal: AbortSignal): Promise<KnownState> {
    return this.#state(run, "GET", signal);
  }

  /** Kills its group, waits for it, and answers with what is known. */
  cancel(run: Run, signal: AbortSignal): Promise<KnownState> {
    return this.#state(run, "DELETE", signal);
  }

  async #state(run: Run, method: "GET" | "DELETE", signal: AbortSignal): Promise<KnownState> {
    try {
      const { status, text } = await this.#ask(
        run,
        method,
        `?run=${run.run}`,
        undefined,
        this.#config.firstByteTimeoutMs,
        signal,
      );
      const state = parseJson(text);
      if (status !== 200 || !stateCheck.Check(state)) return null;
      // Another run's state says nothing about this one.
      return state.eventId === run.eventId && state.run === run.run ? state : null;
    } catch {
      return null;
    }
  }

  async #ask(
    run: Run,
    method: "GET" | "POST" | "DELETE",
    query: string,
    body: string | undefined,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string | null }> {
    const url = new URL(run.url);
    const response = await this.#connections.request({
      url,
      address: run.address,
      method,
      path: `${new URL(`invocations/${run.eventId}`, url).pathname}${query}`,
      ...(body === undefined ? {} : { body }),
      headersTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
      signal,
    });
    return { status: response.status, text: await readText(response.body, this.#config.messageBytesMax) };
  }
}
