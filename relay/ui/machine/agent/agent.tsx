// The agent on a machine: whether it is heard, and what it says runs there.
import "./agent.css";
import { useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { askForReport } from "../../client/machines.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Problem } from "../../parts/problem.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { Text } from "../../parts/text.tsx";
import { announce } from "../../state/announcements.ts";
import { now } from "../../state/clock.ts";
import { isLate, shortId, sortContainers } from "./containers.ts";

type AgentState = MachineView["agent"]["state"];

const states: Readonly<Record<AgentState, { icon: IconName; tone: string; means: string }>> = {
  none: { icon: "deleted", tone: "gone", means: "No agent has been started on this machine." },
  waiting: { icon: "waiting", tone: "busy", means: "The agent is expected, and has not reported in yet." },
  connected: { icon: "active", tone: "good", means: "The agent reports every few seconds." },
  reconnecting: {
    icon: "error",
    tone: "ending",
    means: "The agent has been silent for several reports. It comes back by itself once it can reach the relay.",
  },
  left: { icon: "deleted", tone: "gone", means: "The agent said goodbye, or its machine is gone." },
};

export function Agent({ machine }: { machine: MachineView }) {
  const { state, lastSeen, engineVersion, containers } = machine.agent;
  const { icon, tone, means } = states[state];
  return (
    <div class="agent">
      <dl class="agent-facts">
        <dt>Agent</dt>
        <dd>
          <span class={`state tone-${tone}`}>
            <Icon name={icon} />
            {state}
          </span>{" "}
          <span class="soft">{means}</span>
        </dd>
        <dt>Last seen</dt>
        <dd>{lastSeen === null ? <span class="soft">never</span> : <RelativeTime at={lastSeen} />}</dd>
        <dt>Docker engine</dt>
        <dd>{engineVersion === null ? <span class="soft">not told yet</span> : <Text>{engineVersion}</Text>}</dd>
      </dl>
      {isLate(machine, now.value) && (
        <Notice kind="warning">
          The machine is active and its agent still has not reported in. As a rule the host cannot reach the relay's
          public address: <a href="/about">About</a> shows it, and PUBLIC_URL sets it.
        </Notice>
      )}
      <ReportNow machine={machine} />
      <Containers containers={containers} isHeard={lastSeen !== null} isCurrent={state === "connected"} />
    </div>
  );
}

function ReportNow({ machine }: { machine: MachineView }) {
  const { state } = machine.agent;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (state !== "connected" && state !== "reconnecting") return null;
  async function ask(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await askForReport(machine.id);
      announce("The agent was asked to report");
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {error !== null && <Problem error={error} />}
      <p>
        <button type="button" disabled={isBusy} onClick={() => void ask()}>
          Report now
        </button>
      </p>
    </>
  );
}

type Container = MachineView["agent"]["containers"][number];

function Containers(props: { containers: readonly Container[]; isHeard: boolean; isCurrent: boolean }) {
  const { containers, isHeard, isCurrent } = props;
  if (!isHeard) return null;
  if (containers.length === 0) return <p class="soft">No containers run there.</p>;
  return (
    <table class="agent-containers">
      <caption>
        {containers.length} {containers.length === 1 ? "container" : "containers"}
        {isCurrent ? "" : ", when it was last seen"}
      </caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Image</th>
          <th scope="col">State</th>
          <th scope="col">Id</th>
        </tr>
      </thead>
      <tbody>
        {sortContainers(containers).map(({ id, name, image, state }) => (
          <tr key={id}>
            <td>
              <Text>{name}</Text>
            </td>
            <td>
              <Text>{image}</Text>
            </td>
            <td>
              <span class={state === "running" ? "state tone-good" : "state tone-gone"}>
                <Icon name={state === "running" ? "active" : "deleted"} />
                <Text>{state}</Text>
              </span>
            </td>
            <td class="code" title={id}>
              {shortId(id)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
