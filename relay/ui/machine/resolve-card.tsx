// Nobody but a person can know whether the provider has a VM: what to look for, where, and a form for what was found.
import { useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import { resolveMachine } from "../client/machines.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import { useRequest } from "../parts/use-request.ts";
import { putMachine } from "../state/machines.ts";
import { consoleOf, placesOf } from "./provider-consoles.ts";
import type { Failure } from "./situation.ts";
import { nameProcess } from "./stage-words.ts";
import { FailureWords } from "./words.tsx";

export interface ResolveCardProps {
  machine: MachineView;
  process: NonNullable<MachineView["process"]>;
  error: Failure | null;
}

export function ResolveCard({ machine, process, error }: ResolveCardProps) {
  return (
    <section class="panel machine-card machine-card-warning" aria-labelledby="machine-matter">
      <h2 id="machine-matter">
        <Icon name="waiting" /> {nameProcess(process.name)} waits for you: is there a VM?
      </h2>
      <p>
        A VM may be running at the provider, and nobody can find out from here. It is not forgotten: {process.name} goes
        on once you have looked.
      </p>
      <WhatToLookFor machine={machine} />
      <ResolveForm machine={machine} />
      {error && (
        <details class="machine-why" open>
          <summary>Why it is not known</summary>
          <FailureWords error={error} />
        </details>
      )}
    </section>
  );
}

function WhatToLookFor({ machine: { driver, driverConfig, machineName, providerId } }: { machine: MachineView }) {
  const { name, url } = consoleOf(driver);
  const places = placesOf(driver, driverConfig);
  return (
    <dl class="machine-meaning">
      <div>
        <dt>Look in</dt>
        <dd>
          {url === null ? (
            <Text>{name}</Text>
          ) : (
            <a href={url} target="_blank" rel="noreferrer">
              {name}
            </a>
          )}
          {places.length > 0 && (
            <>
              {" "}
              (<Text>{places.join(", ")}</Text>)
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>for the name</dt>
        <dd>
          <code>
            <Text>{machineName}</Text>
          </code>{" "}
          <CopyButton text={machineName} label="Copy name" />
        </dd>
      </div>
      {providerId !== null && (
        <div>
          <dt>or the id</dt>
          <dd>
            <code>
              <Text>{providerId}</Text>
            </code>{" "}
            <CopyButton text={providerId} label="Copy id" />
          </dd>
        </div>
      )}
    </dl>
  );
}

function ResolveForm({ machine }: { machine: MachineView }) {
  const [outcome, setOutcome] = useState<"nothing" | "providerId" | null>(null);
  const [providerId, setProviderId] = useState("");
  const request = useRequest();
  const { error } = request;
  const fieldError = error instanceof ApiError && error.field === "providerId" ? error.message : undefined;

  function resolve(event: Event): void {
    event.preventDefault();
    if (outcome === null) return;
    const resolved = outcome === "nothing" ? { outcome } : { outcome, providerId: providerId.trim() };
    void request.send(async () => putMachine(await resolveMachine(machine.id, resolved)));
  }

  return (
    <form class="machine-resolve" onSubmit={resolve}>
      <fieldset>
        <legend>What did you find?</legend>
        <label>
          <input
            type="radio"
            name="outcome"
            required
            checked={outcome === "nothing"}
            onChange={() => setOutcome("nothing")}
          />{" "}
          Nothing is there
        </label>
        <label>
          <input
            type="radio"
            name="outcome"
            checked={outcome === "providerId"}
            onChange={() => setOutcome("providerId")}
          />{" "}
          It is there, and has an id
        </label>
      </fieldset>
      {outcome === "providerId" && (
        <Field
          label="The provider's id of the VM"
          help="As the provider shows it, such as i-0abc… or 123456789. The relay then removes it, or goes on with it."
          error={fieldError}
          isRequired
        >
          {(control) => (
            <input
              {...control}
              type="text"
              required
              maxLength={200}
              pattern=".*\S.*"
              autoComplete="off"
              spellcheck={false}
              value={providerId}
              onInput={({ currentTarget }) => setProviderId(currentTarget.value)}
            />
          )}
        </Field>
      )}
      {error !== undefined && fieldError === undefined && <Problem error={error} />}
      <div class="actions">
        <button type="submit" class="main" disabled={request.isBusy || outcome === null}>
          {outcome === null ? "Go on" : outcome === "nothing" ? "Nothing is there: go on" : "It has this id: go on"}
        </button>
      </div>
    </form>
  );
}
