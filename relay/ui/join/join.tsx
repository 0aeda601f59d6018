// Makes the line that lets a host join which nobody created here.
import "./join.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { JoinView } from "../../api/join-view.ts";
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import { createJoinLine } from "../client/join.ts";
import { CodeLine } from "../parts/code-line.tsx";
import { formatDuration } from "../parts/duration.ts";
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { RelativeTime } from "../parts/relative-time.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { Text } from "../parts/text.tsx";
import { useTitle } from "../parts/use-title.ts";
import { announce } from "../state/announcements.ts";
import { now } from "../state/clock.ts";
import { allMachines } from "../state/machines.ts";
import { listJoined } from "./joined.ts";
import { readLabels } from "./labels.ts";

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const validities = [
  ["1 hour", hour],
  ["24 hours", day],
  ["7 days", 7 * day],
  ["30 days", 30 * day],
] as const;

interface Made {
  view: JoinView;
  /** By the relay's clock. */
  madeAt: number;
}

export function Join() {
  useTitle("Join a host");
  const [labelText, setLabelText] = useState("");
  const [validMs, setValidMs] = useState<number>(day);
  const [labelError, setLabelError] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Made>();

  async function make(event: Event): Promise<void> {
    event.preventDefault();
    const { labels, error } = readLabels(labelText);
    setLabelError(error);
    if (!labels || isMaking) return;
    setMaking(true);
    setProblem(undefined);
    try {
      const view = await createJoinLine({ labels, expiresInMs: validMs });
      // The relay has counted from its own clock.
      setMade({ view, madeAt: view.expiresAt - validMs });
    } catch (failure) {
      if (failure instanceof ApiError && failure.field?.startsWith("labels")) setLabelError(failure.message);
      else setProblem(failure);
    }
    setMaking(false);
  }

  return (
    <main class="join">
      <h1>Join a host</h1>
      <p>
        A host that exists already becomes a machine of this relay when you run one line on it. The line starts a small
        agent container on its Docker engine; the agent reports which containers run there. Nothing else on the host is
        changed, and removing the container ends it.
      </p>
      <form noValidate onSubmit={(event) => void make(event)}>
        <Field
          label="Labels"
          help="One on each line: role=web. Every host that joins with the line gets them."
          error={labelError}
        >
          {(control) => (
            <textarea
              {...control}
              rows={3}
              spellcheck={false}
              value={labelText}
              onInput={({ currentTarget }) => {
                setLabelText(currentTarget.value);
                setLabelError(undefined);
              }}
            />
          )}
        </Field>
        <Field label="Valid for" help="Until then any number of hosts may join with it.">
          {(control) => (
            <select
              {...control}
              value={String(validMs)}
              onChange={({ currentTarget }) => setValidMs(Number(currentTarget.value))}
            >
              {validities.map(([name, ms]) => (
                <option key={ms} value={String(ms)}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {problem !== undefined && <Problem error={problem} />}
        <button type="submit" class={made ? "" : "main"} disabled={isMaking}>
          {isMaking ? "Making…" : made ? "Make another line" : "Make the line"}
        </button>
      </form>
      {made && <MadeLine key={made.view.line} made={made} />}
    </main>
  );
}

function MadeLine({ made: { view, madeAt } }: { made: Made }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const leftMs = view.expiresAt - now.value;
  return (
    <section class="join-made" aria-labelledby="join-line">
      <h2 id="join-line" tabIndex={-1} ref={heading}>
        Run this on the host
      </h2>
      {view.warning !== null && <Notice kind="warning">{view.warning}</Notice>}
      {leftMs > 0 ? (
        <CodeLine text={view.line} label="The line to run on the host" />
      ) : (
        <Notice kind="error">This line has expired: make another one.</Notice>
      )}
      <p class="soft">
        {leftMs > 0 && `Valid for ${formatDuration(leftMs)} more, until ${new Date(view.expiresAt).toLocaleString()}. `}
        It holds a token and is shown this once: when this page is left or loaded again, it is gone.
      </p>
      <Joined madeAt={madeAt} isValid={leftMs > 0} />
    </section>
  );
}

function Joined({ madeAt, isValid }: { madeAt: number; isValid: boolean }) {
  const joined = listJoined(allMachines(), madeAt);
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, name } of joined) {
      if (told.current.has(id)) continue;
      told.current.add(id);
      announce(`${name} has joined`);
    }
  });
  return (
    <>
      <h3>Hosts that have joined since</h3>
      {joined.length === 0 ? (
        <p class="soft">{isValid ? "None yet. They appear here, and in the list of machines." : "None."}</p>
      ) : (
        <ul class="join-hosts">
          {joined.map((machine) => (
            <JoinedHost key={machine.id} machine={machine} />
          ))}
        </ul>
      )}
    </>
  );
}

function JoinedHost({ machine: { id, name, state, createdAt } }: { machine: MachineView }) {
  return (
    <li>
      <a href={`/machines/${encodeURIComponent(id)}`}>
        <Text>{name}</Text>
      </a>{" "}
      has joined <RelativeTime at={createdAt} /> <StateBadge state={state} />
    </li>
  );
}
