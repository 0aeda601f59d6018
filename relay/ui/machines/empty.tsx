// What a newcomer sees: the ways to the first machine.
import { useLocation } from "preact-iso";
import { Problem } from "../parts/problem.tsx";
import { useLoaded } from "../parts/use-loaded.ts";
import { useRequest } from "../parts/use-request.ts";
import { loadDeleted, putMachine } from "../state/machines.ts";
import { createTrial } from "./create-trial.ts";

export function Empty({ hasDeleted }: { hasDeleted: boolean }) {
  const { route } = useLocation();
  const { isBusy, error, send } = useRequest();
  // Whoever has had machines may look for them here.
  useLoaded(loadDeleted, []);
  async function tryIt(): Promise<void> {
    const machine = await createTrial();
    putMachine(machine);
    route(`/machines/${encodeURIComponent(machine.id)}`);
  }
  return (
    <section class="machines-empty">
      <h2>No machine yet</h2>
      <p>
        A simulated machine shows how it goes: it takes a few seconds, there is no host behind it, and nothing is
        billed.
      </p>
      <div class="actions">
        <button type="button" class="main" disabled={isBusy} onClick={() => void send(tryIt)}>
          Try it: a simulated machine
        </button>
        <a class="button" href="/create">
          Create a machine
        </a>
      </div>
      {error !== undefined && <Problem error={error} />}
      <p class="machines-join">
        Or <a href="/join">join a host that you have</a>: one line to run there, and it stands in this list.
      </p>
      {hasDeleted && (
        <p>
          <a href="/?state=deleted">Show the deleted ones</a>
        </p>
      )}
    </section>
  );
}
