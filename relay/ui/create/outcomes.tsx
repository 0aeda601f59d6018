// What became of each machine that was asked for.
import { Icon } from "../parts/icon.tsx";
import { messageOf } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import type { Outcome } from "./create-all.ts";

export function Outcomes({ outcomes }: { outcomes: ReadonlyMap<string, Outcome> }) {
  return (
    <ul class="create-outcomes" aria-label="What became of them">
      {[...outcomes].map(([name, outcome]) => (
        <li key={name}>
          <OneOutcome name={name} outcome={outcome} />
        </li>
      ))}
    </ul>
  );
}

function OneOutcome({ name, outcome }: { name: string; outcome: Outcome }) {
  if (outcome.state === "waiting") {
    return (
      <span class="soft">
        <Icon name="working" spins /> <Text>{name}</Text>
      </span>
    );
  }
  if (outcome.state === "made") {
    return (
      <>
        <span class="tone-good">
          <Icon name="active" />
        </span>{" "}
        <a href={`/machines/${outcome.machine.id}`}>{name}</a> is asked for
      </>
    );
  }
  return (
    <>
      <span class="tone-bad">
        <Icon name="error" />
      </span>{" "}
      <Text>{name}</Text>: <Text>{messageOf(outcome.error)}</Text>
    </>
  );
}
