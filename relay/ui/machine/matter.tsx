// What is the matter with a machine, in one card, with what can be done about it.
import type { MachineView } from "../../api/machine-view.ts";
import { Notice } from "../parts/notice.tsx";
import { RelativeTime } from "../parts/relative-time.tsx";
import { FailedCard } from "./failed-card.tsx";
import { FailingCard } from "./failing-card.tsx";
import { failedProcess } from "./lifecycle.ts";
import { ResolveCard } from "./resolve-card.tsx";
import { situationOf } from "./situation.ts";
import { UnhandledCard } from "./unhandled-card.tsx";
import type { Records } from "./use-records.ts";
import { FailureWords } from "./words.tsx";

export function Matter({ machine, records }: { machine: MachineView; records: Records | null }) {
  return (
    <>
      <Card machine={machine} records={records} />
      {machine.unsettledSince !== null && <Unsettled since={machine.unsettledSince} />}
    </>
  );
}

function Card({ machine, records }: { machine: MachineView; records: Records | null }) {
  const situation = situationOf(machine);
  switch (situation.kind) {
    case "failed":
      return (
        <FailedCard machine={machine} error={situation.error} process={failedProcess(records?.processes ?? null)} />
      );
    case "failing":
      return <FailingCard machine={machine} process={situation.process} error={situation.error} />;
    case "unknown":
      return <ResolveCard machine={machine} process={situation.process} error={situation.error} />;
    case "unhandled":
      return <UnhandledCard process={situation.process} error={situation.error} />;
    case "forgotten":
      return (
        <section class="panel machine-card machine-card-warning" aria-labelledby="machine-matter">
          <h2 id="machine-matter">Deleted by force</h2>
          <FailureWords error={situation.error} />
        </section>
      );
    case "well":
      return null;
  }
}

function Unsettled({ since }: { since: number }) {
  return (
    <Notice kind="warning">
      A run broke off <RelativeTime at={since} />, and a call of it to the provider may still make something. So the
      relay looks at the provider again before it says that this is done, and once more later.
    </Notice>
  );
}
