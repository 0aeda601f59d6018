// What a newcomer sees: the ways to the first machine.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Problem } from "../parts/problem.tsx";
import { putMachine } from "../state/machines.ts";
import { createTrial } from "./create-trial.ts";

export function Empty() {
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function tryIt(): Promise<void> {
    setAsking(true);
    setError(null);
    try {
      const machine = await createTrial([]);
      putMachine(machine);
      route(`/machines/${encodeURIComponent(machine.id)}`);
    } catch (reason) {
      setError(reason);
      setAsking(false);
    }
  }
  return (
    <section class="machines-empty">
      <h2>No machine yet</h2>
      <p>
        A simulated machine shows how it goes: it takes a few seconds, there is no host behind it, and nothing is
        billed.
      </p>
      <div class="actions">
        <button type="button" class="main" disabled={isAsking} onClick={() => void tryIt()}>
          Try it: a simulated machine
        </button>
        <a class="button" href="/create">
          Create a machine
        </a>
      </div>
      {error !== null && <Problem error={error} />}
      <p class="machines-join">
        Or <a href="/join">join a host that you have</a>: one line to run there, and it stands in this list.{" "}
        <a href="/?state=deleted">Show the deleted ones</a>.
      </p>
    </section>
  );
}
