// Which handlers are asked for which event, and in which order. Pure.
import type { HandlerView } from "../../api/handler-view.ts";

/** In the order of a machine's life. A machine needs the handler of its own name for each of them. */
export const machineEvents = [
  { name: "machine.create", own: "create", when: "when a machine is asked for" },
  { name: "machine.bootstrap", own: "bootstrap", when: "when it is created: starts the agent" },
  { name: "machine.delete", own: "delete", when: "when it is to go" },
] as const;

/** Where ours stand among others, also those that are missing: machines wait for them there. */
export const ownOrder = 100;

export interface Link {
  name: string;
  /** No such row: machines wait here. */
  isMissing: boolean;
}

export interface Chain {
  event: string;
  when: string;
  handlers: HandlerView[];
  links: Link[];
}

/** One for each event, also where nobody answers it. */
export function readChains(handlers: readonly HandlerView[]): Chain[] {
  const known: { name: string; own?: string; when: string }[] = [...machineEvents];
  for (const { event } of handlers) {
    if (!known.some(({ name }) => name === event)) known.push({ name: event, when: "" });
  }
  return known.map(({ name, own, when }) => {
    const its = handlers.filter(({ event }) => event === name).sort(byOrder);
    const places = its.map((handler) => ({ name: handler.name, order: handler.order, isMissing: false }));
    if (own !== undefined && !its.some((handler) => handler.name === own)) {
      places.push({ name: own, order: ownOrder, isMissing: true });
    }
    const links = places.sort(byOrder).map(({ name, isMissing }) => ({ name, isMissing }));
    return { event: name, when, handlers: its, links };
  });
}

type Placed = Pick<HandlerView, "name" | "order">;
const byOrder = (one: Placed, other: Placed) => one.order - other.order || one.name.localeCompare(other.name);

export const isOwn = (name: string): boolean => machineEvents.some(({ own }) => own === name);

/** After all that there are now. */
export function nextOrder(handlers: readonly HandlerView[], event: string): number {
  const orders = handlers.filter((handler) => handler.event === event).map(({ order }) => order);
  return Math.max(ownOrder, ...orders) + ownOrder;
}

/** What follows when it is removed, in sentences. */
export function describeRemoval({ name, url, event }: Pick<HandlerView, "name" | "url" | "event">): string[] {
  const underWay = url === null ? "A machine that it works on is waited for." : "Runs under way end where they began.";
  if (!isOwn(name)) return [`Machines are no longer passed to it for ${event}: they go on without it.`, underWay];
  return [
    `Machines cannot do without it: those that come to ${event} wait until there is a handler "${name}" again.`,
    underWay,
    "The relay brings its own row back at its next start, with the URL of its environment.",
  ];
}
