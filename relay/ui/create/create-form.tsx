// The form itself: driver, name, how many, options; and beside it what will run.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { getAbout } from "../client/about.ts";
import { getDriver, listDrivers } from "../client/drivers.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { RowInput } from "../parts/row-input.tsx";
import { toMap } from "../parts/rows.ts";
import { useLoaded } from "../parts/use-loaded.ts";
import { checkDraft, checkEntered, forgetChanged } from "./check-draft.ts";
import { isUndecided } from "./create-all.ts";
import { Disclosure } from "./disclosure.tsx";
import { type Draft, requestsOf } from "./draft.ts";
import { DriverChoice } from "./driver-choice.tsx";
import { countEngine, listLost } from "./engine.ts";
import { EngineForm } from "./engine-form.tsx";
import { hasMistakes, joinMistakes, noMistakes } from "./mistakes.ts";
import { NameFields } from "./name-fields.tsx";
import { listNames, readCount, stemOf, suggestName } from "./names.ts";
import { OptionsForm } from "./options-form.tsx";
import { Outcomes } from "./outcomes.tsx";
import { placeProblems } from "./place-problems.ts";
import { Preview } from "./preview.tsx";
import { forgetDraft, saveDraft } from "./saved-draft.ts";
import { useCreation } from "./use-creation.ts";
import { useTakenNames } from "./use-taken-names.ts";

export function CreateForm({ initial }: { initial: Draft }) {
  const { route } = useLocation();
  const [draft, setDraft] = useState(initial);
  const [said, setSaid] = useState(noMistakes);
  const [others, setOthers] = useState<readonly unknown[]>([]);
  const [refused, setRefused] = useState<unknown>(null);
  const creation = useCreation();
  const form = useRef<HTMLFormElement>(null);
  // At once: whoever reloads right after a key has typed it.
  useLayoutEffect(() => saveDraft(draft), [draft]);

  const [drivers, reloadDrivers] = useLoaded(listDrivers, []);
  const [described, reloadDriver] = useLoaded(
    () => (draft.driver === null ? Promise.resolve(null) : getDriver(draft.driver)),
    [draft.driver],
  );
  const [about] = useLoaded(() => getAbout(), []);
  const agentProblem = about.value?.publicUrlWarning ?? null;
  // While another one is loaded the last one is still there.
  const driver = described.value?.name === draft.driver ? described.value : undefined;
  const options = driver?.options ?? [];

  const inUse = useTakenNames(draft.name === null ? draft.stem : stemOf(draft.name));
  const name = draft.name ?? suggestName(draft.stem, readCount(draft.count) ?? 1, inUse);
  const names = listNames(name, readCount(draft.count) ?? 1);
  // Those that are ours already, or perhaps: asking again for the latter makes no second one.
  const taken = inUse.difference(creation.ours());
  const remaining = names.filter((each) => creation.outcomes.get(each)?.state !== "made");
  const foreseen = refused === null ? noMistakes : placeProblems([refused]).mistakes;
  const mistakes = joinMistakes(joinMistakes(checkEntered(draft, remaining, taken), said), foreseen);

  function change(part: Partial<Draft>): void {
    setDraft((before) => {
      const after = { ...before, ...part };
      setSaid((mistakesBefore) => forgetChanged(mistakesBefore, before, after));
      return after;
    });
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const found = checkDraft(draft, options, remaining, taken);
    setSaid(found);
    setOthers([]);
    if (hasMistakes(found)) return focusMistake();
    // A suggestion would move on as soon as the name is in use.
    setDraft((before) => ({ ...before, name }));
    const outcomes = await creation.run(requestsOf(draft, options, remaining));
    if (outcomes === null) return;
    const made = outcomes.flatMap((outcome) => (outcome.state === "made" ? [outcome.machine] : []));
    if (made.length === outcomes.length) {
      forgetDraft();
      return route(names.length === 1 && made[0] ? `/machines/${made[0].id}` : "/");
    }
    const placed = placeProblems(outcomes.flatMap((outcome) => (outcome.state === "failed" ? [outcome.error] : [])));
    setSaid(placed.mistakes);
    setOthers(placed.others);
    focusMistake();
  }

  function reloadAll(): void {
    reloadDrivers();
    reloadDriver();
  }

  /** After the mistakes have been drawn. */
  function focusMistake(): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()),
    );
  }

  const values = draft.driver === null ? {} : (draft.options[draft.driver] ?? {});
  const labelCount = Object.keys(toMap(draft.labels)).length;
  const engineCount = countEngine(draft.engine);
  return (
    <form class="create-form" ref={form} onSubmit={(event) => void submit(event)} onKeyDown={keepOpen} noValidate>
      <div class="create-main">
        {drivers.state === "failed" && <Reload error={drivers.error} reload={reloadAll} />}
        {drivers.state === "loading" && <p class="soft create-loading">Asking for the drivers…</p>}
        {(drivers.value || draft.driver !== null) && (
          <DriverChoice
            drivers={drivers.value ?? (driver ? [driver] : [])}
            areKnown={drivers.value !== undefined}
            chosen={draft.driver}
            error={mistakes.driver}
            onChoose={(chosen) => {
              setRefused(null);
              change({ driver: chosen });
            }}
          />
        )}
        <NameFields
          name={name}
          count={draft.count}
          names={names}
          taken={taken}
          mistakes={mistakes}
          onName={(typed) => change({ name: typed })}
          onCount={(count) => change({ count })}
        />
        {described.state === "failed" && drivers.state !== "failed" && (
          <Reload error={described.error} reload={reloadAll} />
        )}
        {driver && (
          <OptionsForm
            driver={driver}
            values={values}
            errors={mistakes.options}
            lostSecrets={draft.lostOptions[driver.name] ?? []}
            onChange={(changed) => change({ options: { ...draft.options, [driver.name]: changed } })}
          />
        )}
        <Disclosure
          title="Labels"
          note={labelCount > 0 ? `${labelCount} given` : "none"}
          mustOpen={mistakes.labels !== undefined}
        >
          <RowInput
            label="Labels of the machine"
            word="label"
            rows={draft.labels}
            error={mistakes.labels}
            onChange={(labels) => change({ labels })}
          />
        </Disclosure>
        <Disclosure
          title="Engine"
          note={engineCount > 0 ? `${engineCount} given` : "as docker-machine sets it up"}
          mustOpen={Object.keys(mistakes.engine).length > 0 || listLost(draft.engine, draft.lostEngine).length > 0}
        >
          <EngineForm
            engine={draft.engine}
            errors={mistakes.engine}
            lost={draft.lostEngine}
            onChange={(engine) => change({ engine })}
          />
        </Disclosure>
      </div>
      <aside class="create-side" aria-label="What will happen">
        <button
          type="submit"
          class="main create-submit"
          disabled={creation.isRunning || remaining.length === 0 || !driver || driver.unavailable !== null}
        >
          {creation.isRunning && <Icon name="working" spins />}
          <span class="create-submit-text">{describeAct(remaining)}</span>
        </button>
        {draft.driver === null && <p class="help">Choose a driver first.</p>}
        {driver && !driver.isSimulated && agentProblem !== null && (
          <Notice kind="warning">The machine will be made, but its agent will not report. {agentProblem}</Notice>
        )}
        {others.map((error, index) => (
          <Problem key={index} error={error} />
        ))}
        {others.some(isUndecided) && <p class="help">Press again: nothing is made twice.</p>}
        {hasMistakes(said) && <p class="field-error">Not created yet: see the fields that are marked.</p>}
        {creation.outcomes.size > 1 && <Outcomes outcomes={creation.outcomes} />}
        {driver && names[0] !== undefined && (
          <Preview
            key={driver.name}
            machines={requestsOf(draft, options, names)}
            options={options}
            onRefused={setRefused}
          />
        )}
      </aside>
    </form>
  );
}

function Reload({ error, reload }: { error: unknown; reload(): void }) {
  return (
    <div class="create-reload">
      <Problem error={error} />
      <button type="button" onClick={reload}>
        Try again
      </button>
    </div>
  );
}

function describeAct(names: readonly string[]): string {
  if (names.length === 0) return "All are made";
  return names.length === 1 ? `Create ${names[0]}` : `Create ${names.length} machines`;
}

/** Enter in a search or in one row of many is not yet the wish for machines. */
function keepOpen(event: KeyboardEvent): void {
  const isInner = event.target instanceof HTMLInputElement && event.target.matches("[type=search], .row input");
  if (event.key === "Enter" && isInner) event.preventDefault();
}
