// /v1/machines: ask for machines, look at them, change and delete them.
import { createHash } from "node:crypto";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { RelayError } from "../errors.ts";
import type { MachineChange } from "../process-server/process-server.ts";
import type { Machine, Store } from "../store/types.ts";
import { checkChange, checkNewMachine } from "./driver-check.ts";
import {
  checkLabels,
  checkName,
  ListQuery,
  NewMachineBody,
  PatchBody,
  ResolveBody,
  readLabels,
  readResolved,
  refuseMasked,
  splitChange,
  withoutMasked,
} from "./machine-input.ts";
import { MachineView, viewMachine } from "./machine-view.ts";
import type { ApiParts } from "./parts.ts";
import { IdParams, pageOf, problemsOf, readPage } from "./schemas.ts";

const IdempotencyHeaders = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      pattern: "^[\\x21-\\x7e]{1,200}$",
      "x-expected": "1 to 200 printable characters without a space",
      description: "The same request with the same key makes one machine, however often it is sent.",
    }),
  ),
});
const ForceQuery = Type.Object(
  { force: Type.Optional(Type.Boolean({ description: "Forget the machine now, whatever is left of it." })) },
  { additionalProperties: false },
);

export const machineRoutes: FastifyPluginAsyncTypebox<ApiParts> = async (app, parts) => {
  const { store, processServer, functions } = parts;
  const tags = ["machines"];

  app.post(
    "/v1/machines",
    {
      schema: {
        tags,
        summary: "Ask for a machine",
        description: "Answers at once, with a machine that is `creating`. A repeated Idempotency-Key answers 200.",
        headers: IdempotencyHeaders,
        body: NewMachineBody,
        response: { 200: MachineView, 201: MachineView, ...problemsOf(409, 422) },
      },
    },
    async ({ body, headers }, reply) => {
      const { name, driver, driverConfig = {}, engine = {}, labels = {} } = body;
      checkName(name);
      checkLabels(labels);
      refuseMasked(driverConfig, engine);
      const checked = await checkNewMachine(functions, { name, driver, driverConfig, engine });
      const key = headers["idempotency-key"];
      const { machine, isNew } = await processServer.createMachine(
        { name, driver, engine, labels, ...checked },
        key === undefined ? null : { key, requestHash: hashRequest(body) },
      );
      reply.code(isNew ? 201 : 200).header("location", `/v1/machines/${machine.id}`);
      return viewOne(store, machine);
    },
  );

  app.get(
    "/v1/machines",
    {
      schema: {
        tags,
        summary: "List machines",
        querystring: ListQuery,
        response: { 200: pageOf(MachineView), ...problemsOf() },
      },
    },
    async ({ query }) => {
      const { state, driver, label, name, deleted = false } = query;
      const page = await store.listMachines(
        {
          ...(state ? { states: state } : {}),
          ...(driver ? { drivers: driver } : {}),
          ...(label ? { labels: readLabels(label) } : {}),
          ...(name === undefined ? {} : { name }),
          includeDeleted: deleted || (state?.includes("deleted") ?? false),
        },
        readPage(query),
      );
      return { data: await viewAll(store, page.data), next: page.next };
    },
  );

  app.get(
    "/v1/machines/:id",
    {
      schema: {
        tags,
        summary: "Look at a machine",
        params: IdParams,
        response: { 200: MachineView, ...problemsOf(404) },
      },
    },
    async ({ params }) => viewOne(store, await requireMachine(store, params.id)),
  );

  app.patch(
    "/v1/machines/:id",
    {
      schema: {
        tags,
        summary: "Change labels, or driver options while it is in error or deleting",
        description:
          "Labels are replaced as a whole; driver options are laid over those that it has, and null removes one.",
        params: IdParams,
        body: PatchBody,
        response: { 200: MachineView, ...problemsOf(404, 409, 410, 422) },
      },
    },
    async ({ params, body: { labels, driverConfig } }) => {
      const { driver } = await requireMachine(store, params.id);
      if (labels) checkLabels(labels);
      const change: MachineChange = labels ? { labels } : {};
      if (driverConfig) {
        const { set, removed } = splitChange(driverConfig);
        const checked = await checkChange(functions, driver, withoutMasked(set));
        change.driverConfig = { ...checked, ...Object.fromEntries(removed.map((name) => [name, null])) };
      }
      return viewOne(store, await processServer.patchMachine(params.id, change));
    },
  );

  app.delete(
    "/v1/machines/:id",
    {
      schema: {
        tags,
        summary: "Delete a machine",
        description: "Answers at once, with a machine that is `deleting`. Deleting twice is no error.",
        params: IdParams,
        querystring: ForceQuery,
        response: { 200: MachineView, 202: MachineView, ...problemsOf(404, 410) },
      },
    },
    async ({ params, query: { force = false } }, reply) => {
      const machine = await processServer.deleteMachine(params.id, { force });
      reply.code(machine.state === "deleted" ? 200 : 202);
      return viewOne(store, machine);
    },
  );

  app.post(
    "/v1/machines/:id/retry",
    {
      schema: {
        tags,
        summary: "Try again what failed",
        params: IdParams,
        response: { 202: MachineView, ...problemsOf(404, 409, 410) },
      },
    },
    async ({ params }, reply) => {
      reply.code(202);
      return viewOne(store, await processServer.retryMachine(params.id));
    },
  );

  app.post(
    "/v1/machines/:id/resolve",
    {
      schema: {
        tags,
        summary: "Say what is at the provider, where only a person can look",
        params: IdParams,
        body: ResolveBody,
        response: { 202: MachineView, ...problemsOf(404, 409) },
      },
    },
    async ({ params, body }, reply) => {
      reply.code(202);
      return viewOne(store, await processServer.resolveMachine(params.id, readResolved(body)));
    },
  );
};

/** @throws RelayError `machine.unknown` */
export async function requireMachine(store: Store, id: string): Promise<Machine> {
  const machine = await store.getMachine(id);
  if (machine) return machine;
  throw new RelayError("machine.unknown", {
    message: `there is no machine ${JSON.stringify(id)}`,
    field: "id",
    expected: "the id of a machine",
    got: JSON.stringify(id),
  });
}

async function viewOne(store: Store, machine: Machine): Promise<MachineView> {
  const [view] = await viewAll(store, [machine]);
  return view as MachineView;
}

async function viewAll(store: Store, machines: readonly Machine[]): Promise<MachineView[]> {
  const processes = await store.listCurrentProcesses(machines.map(({ id }) => id));
  const byMachine = new Map(processes.map((process) => [process.resourceId, process]));
  return machines.map((machine) => viewMachine(machine, byMachine.get(machine.id) ?? null));
}

/** The order of fields in JSON means nothing, so it does not count here either. */
function hashRequest(body: unknown): string {
  const sorted = JSON.stringify(body, (_name, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(sorted).digest("hex");
}
