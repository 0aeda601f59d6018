// The lifecycle of a machine, as data. What follows from it is decided in steps.ts.
import type { MachineState, ProcessName } from "../store/types.ts";

export interface Lifecycle {
  /** May start while the machine is in one of these. */
  from: readonly MachineState[];
  /** The machine's state while it runs. */
  while: MachineState;
  /** The machine's state when its last handler has replied "no". */
  whenDone: MachineState;
  /** Starts in the same commit. */
  next: ProcessName | null;
  /** An error reply ends it in the state `error`; a delete is tried again instead, for ever. */
  endsOnError: boolean;
  /** The event of its handlers. */
  event: string;
}

export const lifecycles: Readonly<Record<ProcessName, Lifecycle>> = {
  create: {
    from: ["requested", "error"],
    while: "creating",
    whenDone: "created",
    next: "bootstrap",
    endsOnError: true,
    event: "machine.create",
  },
  bootstrap: {
    from: ["created", "error"],
    while: "bootstrapping",
    whenDone: "active",
    next: null,
    endsOnError: true,
    event: "machine.bootstrap",
  },
  delete: {
    from: ["requested", "creating", "created", "bootstrapping", "active", "error"],
    while: "deleting",
    whenDone: "deleted",
    next: null,
    endsOnError: false,
    event: "machine.delete",
  },
};

/** The handlers that a machine cannot do without: removing one of them, or what stands in for it, makes its process wait. */
export const requiredHandlers = ["create", "bootstrap", "delete"] as const;
/** Where ours stand among others. */
export const ownHandlerOrder = 100;
