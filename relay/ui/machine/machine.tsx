// The page of one machine: where it is in its life, what is the matter, and everything that is known of it.
import { useRoute } from "preact-iso";
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import { Problem } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import { useLoaded } from "../parts/use-loaded.ts";
import { useTitle } from "../parts/use-title.ts";
import { loadMachine, machineById } from "../state/machines.ts";
import { Header } from "./header.tsx";
import { Lifecycle } from "./lifecycle.tsx";
import "./machine.css";
import { Matter } from "./matter.tsx";
import { Progress } from "./progress.tsx";
import { Tabs } from "./tabs.tsx";
import { TimeLine } from "./time-line.tsx";
import { useRecords } from "./use-records.ts";

export function Machine() {
  const { id = "" } = useRoute().params;
  return <MachineOf key={id} id={id} />;
}

function MachineOf({ id }: { id: string }) {
  const machine = machineById(id);
  // Also where the list has it: it may be older than what the relay knows now.
  const [loaded, reload] = useLoaded(() => loadMachine(id), [id]);
  // Several machines may be open in several tabs of the browser, and each is waited for.
  useTitle(machine && `${machine.name} · ${machine.state}`);
  if (machine) return <Known machine={machine} />;
  if (loaded.state !== "failed") {
    return (
      <main class="machine" aria-busy="true">
        <p class="soft">Loading…</p>
      </main>
    );
  }
  return isUnknown(loaded.error) ? <Unknown id={id} /> : <Unread error={loaded.error} onRetry={reload} />;
}

const isUnknown = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

function Known({ machine }: { machine: MachineView }) {
  const { records, error, reload } = useRecords(machine);
  return (
    <main class="machine">
      <Header machine={machine} />
      <section class="panel machine-life" aria-label="Lifecycle">
        <Lifecycle machine={machine} records={records} />
        <Progress machine={machine} records={records} />
      </section>
      <Matter machine={machine} records={records} />
      <div class="machine-parts">
        <TimeLine records={records} error={error} onRetry={reload} />
        <Tabs machine={machine} />
      </div>
    </main>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <main class="machine">
      <h1>There is no such machine</h1>
      <p>
        This relay knows no machine with the id{" "}
        <span class="code">
          <Text>{id}</Text>
        </span>
        .
      </p>
      <p>
        <a href="/">All machines</a>
      </p>
    </main>
  );
}

function Unread({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <main class="machine">
      <h1>The machine cannot be shown</h1>
      <Problem error={error} />
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </main>
  );
}
