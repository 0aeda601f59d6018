// The calls about machines, with the API's own types.
import type { Resolved } from "../../../functions/contract.ts";
import type { MachineView } from "../../api/machine-view.ts";
import { ask } from "./ask.ts";
import type { Page } from "./page.ts";

const pageLimit = 200;

export interface NewMachine {
  name: string;
  driver: string;
  driverConfig: Record<string, unknown>;
  engine: MachineView["engine"];
  labels: Record<string, string>;
}

const pathOf = (id: string) => `/v1/machines/${encodeURIComponent(id)}`;

/** `cursor` null: the first page. Newest first. */
export const listMachines = (cursor: string | null, filter: { state?: readonly string[]; name?: string } = {}) =>
  ask<Page<MachineView>>("GET", "/v1/machines", {
    query: { limit: pageLimit, cursor: cursor ?? undefined, ...filter },
  });

export const getMachine = (id: string) => ask<MachineView>("GET", pathOf(id));

/** The same `idempotencyKey` makes one machine, however often it is sent. */
export const createMachine = (machine: NewMachine, idempotencyKey: string) =>
  ask<MachineView>("POST", "/v1/machines", { body: machine, headers: { "idempotency-key": idempotencyKey } });

export const patchMachine = (
  id: string,
  change: { labels?: Record<string, string>; driverConfig?: Record<string, unknown> },
) => ask<MachineView>("PATCH", pathOf(id), { body: change });

export const deleteMachine = (id: string, { force }: { force: boolean }) =>
  ask<MachineView>("DELETE", pathOf(id), { query: { force: force || undefined } });

export const retryMachine = (id: string) => ask<MachineView>("POST", `${pathOf(id)}/retry`);

export const resolveMachine = (id: string, resolved: Resolved) =>
  ask<MachineView>("POST", `${pathOf(id)}/resolve`, { body: resolved });

/** Try now, without waiting for the next firing's time. */
export const fireProcess = (processId: string) =>
  ask<unknown>("POST", `/v1/processes/${encodeURIComponent(processId)}/fire`);

export const askForReport = (id: string) => ask<unknown>("POST", `${pathOf(id)}/report`);
