// Assembles the process server.

import { RelayError } from "../errors.ts";
import type { Machine, Process, Store } from "../store/types.ts";
import { createAnswers } from "./answers.ts";
import { Draft } from "./draft.ts";
import { Engine, type EngineParts } from "./engine.ts";
import { machineNameOf, newMachineId } from "./ids.ts";
import type { NewMachine, ProcessServer } from "./process-server.ts";
import {
  forgetMachine,
  joinedDriver,
  requestDelete,
  requestFire,
  requestPatch,
  requestResolve,
  requestRetry,
} from "./requests.ts";
import { fire, openProcess } from "./steps.ts";

export function createProcessServer(parts: EngineParts): ProcessServer {
  const engine = new Engine(parts);
  const answers = createAnswers(engine);
  const { store, config } = parts;

  return {
    answers,
    start: () => engine.start(),
    async stop() {
      await answers.flush();
      engine.stop();
    },

    async createMachine(input, idempotency) {
      const machine = newMachine(input, engine.now());
      const draft = new Draft({
        now: engine.now(),
        machine,
        open: [],
        last: null,
        runs: [],
        handlers: await store.listHandlers(),
      });
      draft.note("state", `requested, driver ${machine.driver}`);
      openProcess(draft, "create", config);
      const { result, ...decision } = draft.decision();
      const made = await store.createMachine(machine, { ...decision, result: undefined }, idempotency);
      if (made.isNew) engine.follow(result);
      return made;
    },

    async joinMachine({ name, labels }, idempotency = null) {
      const input = { name, labels, driver: joinedDriver, driverConfig: {}, engine: {}, isSimulated: false };
      const joined = newMachine(input, engine.now());
      const machine: Machine = { ...joined, state: "active" };
      const note = {
        kind: "state",
        message: "joined by its own agent: active",
        processId: null,
        eventId: null,
        attempt: null,
        run: null,
      };
      const insert = (named: Machine) =>
        store.createMachine(named, { result: undefined, history: [note] }, idempotency);
      const made = await insert(machine).catch((error: unknown) => {
        // Two hosts may have the same name, and both may join.
        if (!(error instanceof RelayError) || error.code !== "machine.nameTaken") throw error;
        return insert({ ...machine, name: machine.machineName });
      });
      engine.publishChange(made.machine, null);
      return made.machine;
    },

    async deleteMachine(id, { force }) {
      const { machine } = await engine.change(id, (draft) =>
        force ? forgetMachine(draft) : requestDelete(draft, config),
      );
      return machine;
    },
    async retryMachine(id) {
      return (await engine.change(id, (draft) => requestRetry(draft, config))).machine;
    },
    async patchMachine(id, change) {
      return (await engine.change(id, (draft) => requestPatch(draft, change, config))).machine;
    },
    async resolveMachine(id, resolved) {
      return (await engine.change(id, (draft) => requestResolve(draft, resolved, config))).machine;
    },
    async fireProcess(id) {
      const { resourceId } = await findProcess(store, id);
      await engine.change(resourceId, (draft) => requestFire(draft, id, config));
      return findProcess(store, id);
    },

    async putHandler(handler) {
      await store.putHandler(handler);
      await wakeProcesses(engine, handler.name);
      return handler;
    },
    async deleteHandler(name) {
      if (!(await store.deleteHandler(name))) {
        throw new RelayError("handler.unknown", { message: `there is no handler "${name}"`, field: "name", got: name });
      }
      await wakeProcesses(engine, name);
    },

    saveHost: (machineId, host, history) => engine.saveHost(machineId, host, history),
  };
}

/** A handler appeared, changed or went: what waits for it is looked at again, and goes on elsewhere or says why not. */
async function wakeProcesses(engine: Engine, handler: string): Promise<void> {
  const open = await engine.store.listOpenProcesses();
  await Promise.all(
    open.map(({ machineId }) =>
      engine.change(machineId, (draft) => {
        const { current, activeStep } = draft;
        if (activeStep?.handler !== handler || draft.hasLiveRun || !current) return;
        if (current.waitingFor === "handler" || current.state === "running") fire(draft, engine.config);
      }),
    ),
  );
}

async function findProcess(store: Store, id: string): Promise<Process> {
  const process = await store.getProcess(id);
  if (!process) throw new RelayError("process.unknown", { message: `there is no process ${id}`, field: "id", got: id });
  return process;
}

function newMachine({ name, driver, driverConfig, engine, labels, isSimulated }: NewMachine, now: number): Machine {
  const id = newMachineId();
  return {
    id,
    name,
    machineName: machineNameOf(name, id),
    driver,
    driverConfig,
    engine,
    labels,
    state: "requested",
    progress: null,
    error: null,
    ipAddress: null,
    engineVersion: null,
    url: null,
    providerId: null,
    ssh: null,
    isSimulated,
    resolved: null,
    unsettledSince: null,
    agentGeneration: 1,
    host: null,
    hasArchive: false,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
