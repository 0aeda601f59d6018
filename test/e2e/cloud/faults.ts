// Which calls of a cloud go wrong, how, and how often. Knows no cloud.
import type { HostFault } from "./hypervisor.ts";

/** What happens to a call. */
export type Behaviour =
  /** This answer in place of the work. */
  | { kind: "answer"; status: number; headers?: Record<string, string>; body: string }
  /** The work is done, later. */
  | { kind: "slow"; delayMs: number }
  /** The work waits until the fault is over. */
  | { kind: "held" }
  /** The connection is cut before any work. */
  | { kind: "cut" }
  /** The work is done, and the connection cut in place of the answer. */
  | { kind: "answer-lost" }
  /** The work is done, and the host that it makes is no good. */
  | { kind: "host"; fault: HostFault }
  /** The cloud itself knows what is different. */
  | { kind: "other" };

/** Where a fault happens and how: the table of a cloud has one for each name. */
export interface FaultKind {
  /** The call that it is about, where none is named; `*`: all. */
  call: string;
  behaviour: Behaviour;
}

export interface FaultOrder<Name extends string> {
  fault: Name;
  /** In place of the fault's own. */
  call?: string;
  /** Only calls that name this, in their address or in what they send: a machine's name, an instance's id. */
  about?: string;
  /** So many calls, then no more; without it, until told otherwise. */
  times?: number;
  /** For `slow`. */
  delayMs?: number;
}

/** A fault that was ordered. */
export interface Failing extends Disposable {
  /** Resolves when the first call has met it. */
  met: Promise<void>;
  /** No further call meets it; held ones go on. */
  stop(): void;
}

export interface MetFault {
  name: string;
  behaviour: Behaviour;
  /** Resolves when the fault is over. */
  over: Promise<void>;
}

interface Ordered extends MetFault {
  call: string;
  about: string;
  timesLeft: number;
  meet(): void;
}

export class Faults {
  #ordered: Ordered[] = [];
  readonly #stops = new Set<() => void>();

  order(
    name: string,
    { call, behaviour }: FaultKind,
    { times = Number.POSITIVE_INFINITY, about = "" }: { times?: number; about?: string } = {},
  ): Failing {
    const met = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const ordered = { name, call, about, behaviour, timesLeft: times, meet: met.resolve, over: over.promise };
    this.#ordered.push(ordered);
    const stop = () => {
      this.#ordered = this.#ordered.filter((each) => each !== ordered);
      this.#stops.delete(stop);
      over.resolve();
    };
    this.#stops.add(stop);
    return { met: met.promise, stop, [Symbol.dispose]: stop };
  }

  /**
   * What is to happen to this call; the fault that was ordered first.
   * @param words its address and what it sends
   */
  meet(call: string, words: string): MetFault | null {
    const found = this.#ordered.find(
      (each) => each.timesLeft > 0 && (each.call === call || each.call === "*") && words.includes(each.about),
    );
    if (!found) return null;
    found.timesLeft--;
    found.meet();
    return found;
  }

  list(): { fault: string; call: string }[] {
    return this.#ordered.filter(({ timesLeft }) => timesLeft > 0).map(({ name, call }) => ({ fault: name, call }));
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }
}

/** Those that every cloud has. @param call that makes a machine */
export function commonFaults(call: string) {
  const host = (fault: HostFault): FaultKind => ({ call, behaviour: { kind: "host", fault } });
  return {
    slow: { call: "*", behaviour: { kind: "slow", delayMs: 5_000 } },
    held: { call, behaviour: { kind: "held" } },
    cut: { call, behaviour: { kind: "cut" } },
    "answer-lost": { call, behaviour: { kind: "answer-lost" } },
    "host-dies": host("dies"),
    "host-never-answers": host("never-answers"),
    "ssh-refused": host("ssh-refused"),
    "install-unreachable": host("install-unreachable"),
    "install-fails": host("install-fails"),
    "docker-port-closed": host("docker-port-closed"),
  } satisfies Record<string, FaultKind>;
}

/** @throws Error that names all faults there are */
export function findFault<Name extends string>(table: Record<Name, FaultKind>, order: FaultOrder<Name>): FaultKind {
  const kind = table[order.fault];
  if (!kind) throw new Error(`fault must be one of ${Object.keys(table).join(", ")}, got ${order.fault}`);
  const behaviour =
    kind.behaviour.kind === "slow"
      ? { ...kind.behaviour, delayMs: order.delayMs ?? kind.behaviour.delayMs }
      : kind.behaviour;
  return { call: order.call ?? kind.call, behaviour };
}
