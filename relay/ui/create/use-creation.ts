// The machines that this form has asked for, and what became of each.
import { useEffect, useRef, useState } from "preact/hooks";
import { createMachine, type NewMachine } from "../client/machines.ts";
import { putMachine } from "../state/machines.ts";
import { createAll, createKeys, isUndecided, type Outcome } from "./create-all.ts";

export interface Creation {
  outcomes: ReadonlyMap<string, Outcome>;
  isRunning: boolean;
  /** Names of those that are made or on their way, and of those whose answer was lost. */
  ours(): Set<string>;
  /** The outcome of each; null: nobody waits for them any more, or others are on their way. */
  run(machines: readonly NewMachine[]): Promise<Outcome[] | null>;
}

export function useCreation(): Creation {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const isBusy = useRef(false);
  const isShown = useRef(true);
  const keyOf = useRef(createKeys());
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );

  async function run(machines: readonly NewMachine[]): Promise<Outcome[] | null> {
    // The button is disabled a moment after it was pressed, and Enter does not ask it.
    if (isBusy.current) return null;
    isBusy.current = true;
    setRunning(true);
    setOutcomes((before) => new Map([...before].filter(([, { state }]) => state === "made")));
    const own = new Map<string, Outcome>();
    await createAll(
      machines,
      (machine) => createMachine(machine, keyOf.current(machine)),
      (name, outcome) => {
        own.set(name, outcome);
        if (outcome.state === "made") putMachine(outcome.machine);
        setOutcomes((before) => new Map(before).set(name, outcome));
      },
    );
    isBusy.current = false;
    setRunning(false);
    return isShown.current ? [...own.values()] : null;
  }

  function ours(): Set<string> {
    const own = [...outcomes].filter(([, outcome]) => outcome.state !== "failed" || isUndecided(outcome.error));
    return new Set(own.map(([name]) => name));
  }

  return { outcomes, isRunning, ours, run };
}
