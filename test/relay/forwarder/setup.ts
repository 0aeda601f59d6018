// One forwarder between a process server in memory and functions on loopback; all of it ends with the test.
import { onTestFinished } from "vitest";
import type { ForwarderConfig } from "../../../relay/forwarder/config.ts";
import { createForwarder, type ForwarderParts } from "../../../relay/forwarder/forwarder.ts";
import type { Handler } from "../../../relay/store/types.ts";
import { type FakeFunctionOptions, startFakeFunction } from "./fake-function.ts";
import { MemoryAnswers } from "./memory-answers.ts";

/** Short, so that tests need not wait; long enough for a busy machine where nothing is meant to run out. */
export const quick: Partial<ForwarderConfig> = {
  connectTimeoutMs: 2_000,
  firstByteTimeoutMs: 5_000,
  silenceMs: 5_000,
  renewEveryMs: 20,
  rejoinWaitMs: 10,
  rejoinWaitMsMax: 50,
  runningRetryMs: 10,
  cancelRetryMs: 10,
  afterReplyMs: 2_000,
  retryAfterMsDefault: 20,
};

export const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

export function handlerAt(url: string | null, name = "create"): Handler {
  return { name, event: "machine.create", order: 100, url, keyHash: null, source: "api", updatedAt: 0 };
}

export function setUp(config: Partial<ForwarderConfig> = {}, parts: Partial<ForwarderParts> = {}) {
  const answers = new MemoryAnswers();
  if (config.leaseMs) answers.leaseMs = config.leaseMs;
  const rows: Handler[] = [];
  const create = () =>
    createForwarder({
      bus: answers.bus,
      answers,
      handlers: async () => rows,
      config: { ...quick, ...config },
      log: silentLog,
      ...parts,
    });
  const forwarder = create();
  forwarder.start();
  onTestFinished(async () => {
    answers.close();
    await forwarder.stop();
  });
  return {
    answers,
    forwarder,
    rows,
    create,
    until: (isTrue: () => boolean) => answers.until(isTrue),
    async serve(options: FakeFunctionOptions, name = "create") {
      const server = await startFakeFunction(options, () => answers.changed());
      onTestFinished(() => server.close());
      const others = rows.filter((row) => row.name !== name);
      rows.splice(0, rows.length, ...others, handlerAt(server.url, name));
      return server;
    },
    /** Opens a process and fires its event. */
    fire(handler = "create", machineId?: string) {
      const process = answers.open(handler, machineId);
      answers.fire(process);
      return process;
    },
  };
}
