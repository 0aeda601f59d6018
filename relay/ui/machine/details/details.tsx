// All else that is known of a machine: labels, options, ids, times, and the whole of it as the API answers it.
import "./details.css";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { listStrays, type Stray } from "../../client/records.ts";
import { CodeLine } from "../../parts/code-line.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Problem } from "../../parts/problem.tsx";
import { exactTime, RelativeTime } from "../../parts/relative-time.tsx";
import { Text } from "../../parts/text.tsx";
import { useLoaded } from "../../parts/use-loaded.ts";
import { Labels } from "./labels-form.tsx";
import { optionRows } from "./options.ts";

export function Details({ machine }: { machine: MachineView }) {
  const { driver, driverConfig, engine } = machine;
  return (
    <div class="details">
      <section>
        <h3>Labels</h3>
        <Labels key={machine.id} machine={machine} />
      </section>
      <section>
        <h3>Driver options</h3>
        <Options options={driverConfig} none={`None were given to the driver ${driver}.`} />
      </section>
      <section>
        <h3>Engine options</h3>
        <Options options={engine} none="None were given." />
      </section>
      <section>
        <h3>Names and ids</h3>
        <table class="details-table">
          <tbody>
            <Id name="Id" value={machine.id} />
            <Id name="Name at the provider" value={machine.machineName} />
            <Id name="The provider's id" value={machine.providerId} />
          </tbody>
        </table>
      </section>
      <section>
        <h3>Times</h3>
        <table class="details-table">
          <tbody>
            <Time name="Created" at={machine.createdAt} />
            <Time name="Changed" at={machine.updatedAt} />
            <Time name="Unsettled since" at={machine.unsettledSince} />
            <Time name="Deleted" at={machine.deletedAt} />
          </tbody>
        </table>
      </section>
      <Strays machine={machine} />
      <Raw machine={machine} />
    </div>
  );
}

function Options({ options, none }: { options: Record<string, unknown>; none: string }) {
  const rows = optionRows(options);
  if (rows.length === 0) return <p class="soft">{none}</p>;
  return (
    <table class="details-table">
      <tbody>
        {rows.map(([name, value], index) => (
          <tr key={`${name} ${index}`}>
            <th scope="row">
              <Text>{name}</Text>
            </th>
            <td>
              <Value text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text }: { text: string }) {
  if (text === "") return <span class="soft">empty</span>;
  return (
    <span class="details-value">
      <Text>{text}</Text>
    </span>
  );
}

function Id({ name, value }: { name: string; value: string | null }) {
  if (value === null) return null;
  return (
    <Row name={name}>
      <span class="details-id">
        <span class="code">
          <Text>{value}</Text>
        </span>
        <CopyButton text={value} />
      </span>
    </Row>
  );
}

function Time({ name, at }: { name: string; at: number | null }) {
  if (at === null) return null;
  return (
    <Row name={name}>
      {exactTime(at)}{" "}
      <span class="soft">
        <RelativeTime at={at} />
      </span>
    </Row>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}

/** Seldom there, so nothing is said where there are none. */
function Strays({ machine }: { machine: MachineView }) {
  const [strays] = useLoaded(() => listStrays(machine.id), [machine.id, machine.state]);
  if (strays.state === "failed") return <Problem error={strays.error} />;
  if (!strays.value || strays.value.length === 0) return null;
  return (
    <section>
      <h3>Archives that were kept aside</h3>
      <p class="soft">They came from somebody who was not, or no longer, entitled to answer for this machine.</p>
      <table class="details-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Why</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {strays.value.map((stray) => (
            <StrayRow key={stray.at} {...stray} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StrayRow({ at, reason, archiveBytes }: Stray) {
  return (
    <tr>
      <td>
        <RelativeTime at={at} />
      </td>
      <td>
        <Text>{reason}</Text>
      </td>
      <td>{(archiveBytes / 1024).toFixed(1)} KB</td>
    </tr>
  );
}

function Raw({ machine }: { machine: MachineView }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Raw JSON</summary>
      <p class="soft">
        As <span class="code">GET /v1/machines/{machine.id}</span> answers it.
      </p>
      {isOpen && <CodeLine text={JSON.stringify(machine, null, 2)} label="Raw JSON" />}
    </details>
  );
}
