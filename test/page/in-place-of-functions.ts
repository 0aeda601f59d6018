// Answers for a machine's handlers in place of functions: so a test has a machine of any driver, in any state, at once, and
// nothing is run for it.
import type { RelayClient } from "../e2e/relay-client.ts";

interface Answer {
  transitioning?: "yes" | "no" | "error";
  transitioningMessage?: string;
  transitioningProgress?: number;
  data?: { machine: Record<string, unknown> };
}

interface Process {
  handlers: { eventId: string; state: string }[];
}

/** From now on the handlers are listeners on the bus, and nobody asks which drivers there are. */
export async function replaceFunctions(client: RelayClient): Promise<void> {
  for (const name of ["create", "bootstrap", "delete"]) {
    await client.json("PUT", `/v1/handlers/${name}`, { event: `machine.${name}`, url: null });
  }
}

/** Answers the event that the machine waits for: it is done, or what `answer` says. */
export async function answer(client: RelayClient, id: string, { transitioning = "no", ...rest }: Answer = {}) {
  const { data } = await client.json<{ data: Process[] }>("GET", `/v1/processes?machine=${id}&limit=1`);
  const eventId = data[0]?.handlers.find(({ state }) => state === "active")?.eventId;
  const about = { name: `reply.${eventId}`, previousIds: [eventId], resourceType: "machine", resourceId: id };
  await client.ask("POST", "/v1/publish", { ...about, transitioning, ...rest });
}

/** A machine that is active, with an address. */
export async function makeActive(client: RelayClient, name: string, driver: string, machine = {}): Promise<string> {
  const { id } = await client.create({ name, driver });
  await answer(client, id, { data: { machine: { ipAddress: "203.0.113.7", providerId: "4711", ...machine } } });
  await answer(client, id);
  return id;
}

/** Hosts that join by one line: machines that are active at once, as many as a test wants. */
export async function joinHosts(client: RelayClient, names: readonly string[], labels = {}): Promise<string[]> {
  const { line } = await client.json<{ line: string }>("POST", "/v1/join-tokens", { labels });
  const token = /\/v1\/scripts\/([\w-]+)/.exec(line)?.[1];
  const ids = [];
  for (const name of names) {
    const host = { token, engineId: `engine-of-${name}`, name };
    ids.push((await client.json<{ machineId: string }>("POST", "/v1/agents/register", host)).machineId);
  }
  return ids;
}
