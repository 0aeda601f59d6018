// A new handler: called at a URL, or listening on the bus with a key of its own that is shown this once.
import { useState } from "preact/hooks";
import type { CheckView, HandlerView } from "../../api/handler-view.ts";
import { ApiError } from "../client/ask.ts";
import { putHandler } from "../client/handlers.ts";
import { CodeLine } from "../parts/code-line.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { newId } from "../parts/new-id.ts";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { machineEvents, nextOrder } from "./chains.ts";
import { isGood } from "./health.ts";
import { checkNewHandler, type NewHandler, type NewHandlerErrors, subscribeLines, toRow } from "./new-handler.ts";
import { UrlField } from "./url-field.tsx";

export interface AddDialogProps {
  handlers: readonly HandlerView[];
  /** Of a missing one of ours. */
  start?: Pick<NewHandler, "name" | "event" | "order">;
  onClose(): void;
  onAdded(): void;
}

export function AddDialog({ handlers, start, onClose, onAdded }: AddDialogProps) {
  const [first] = machineEvents;
  const [form, setForm] = useState<NewHandler>({
    name: "",
    event: first.name,
    order: String(nextOrder(handlers, first.name)),
    way: "url",
    url: "",
    key: newId(),
    ...start,
  });
  const [isOrderTyped, setOrderTyped] = useState(start !== undefined);
  const [errors, setErrors] = useState<NewHandlerErrors>({});
  const [check, setCheck] = useState<CheckView | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [isAdded, setAdded] = useState(false);

  function change(changed: Partial<NewHandler>): void {
    setForm((old) => ({ ...old, ...changed }));
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in changed))));
    setProblem(undefined);
  }

  async function add(event: Event): Promise<void> {
    event.preventDefault();
    const wrong = checkNewHandler(
      form,
      handlers.map(({ name }) => name),
    );
    setErrors(wrong);
    if (Object.keys(wrong).length > 0 || isSaving) return;
    setSaving(true);
    setProblem(undefined);
    try {
      await putHandler(form.name, toRow(form));
      onAdded();
      if (form.way === "url") onClose();
      else setAdded(true);
    } catch (failure) {
      const field = failure instanceof ApiError ? failure.field : undefined;
      if (field !== undefined && field in form) setErrors({ [field]: (failure as ApiError).message });
      else setProblem(failure);
    }
    setSaving(false);
  }

  if (isAdded) return <Added form={form} onClose={onClose} />;
  const isUntested = form.way === "url" && !(check && isGood(check));
  return (
    <Dialog title="Add a handler" onClose={onClose} isFirm>
      <form noValidate onSubmit={(event) => void add(event)}>
        <Field
          label="Name"
          isRequired
          error={errors.name}
          help="For example dns. Machines in progress know it by this name."
        >
          {(control) => (
            <input
              {...control}
              autoComplete="off"
              autoCapitalize="none"
              spellcheck={false}
              value={form.name}
              onInput={({ currentTarget }) => change({ name: currentTarget.value })}
            />
          )}
        </Field>
        <div class="handlers-pair">
          <Field label="Event" error={errors.event}>
            {(control) => (
              <select
                {...control}
                value={form.event}
                onChange={({ currentTarget: { value } }) =>
                  change({ event: value, ...(isOrderTyped ? {} : { order: String(nextOrder(handlers, value)) }) })
                }
              >
                {machineEvents.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Order" error={errors.order} help="Lower ones are asked first. Ours stand at 100.">
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                autoComplete="off"
                value={form.order}
                onInput={({ currentTarget }) => {
                  setOrderTyped(true);
                  change({ order: currentTarget.value });
                }}
              />
            )}
          </Field>
        </div>
        <fieldset class="handlers-ways">
          <legend>How does it hear of events?</legend>
          <label>
            <input type="radio" name="way" checked={form.way === "url"} onChange={() => change({ way: "url" })} /> It is
            called at a URL
          </label>
          <label>
            <input type="radio" name="way" checked={form.way === "bus"} onChange={() => change({ way: "bus" })} /> It
            listens on the bus
          </label>
        </fieldset>
        {form.way === "url" ? (
          <UrlField
            name={form.name || "new"}
            url={form.url}
            error={errors.url}
            onUrl={(url) => change({ url })}
            check={check}
            onCheck={setCheck}
          />
        ) : (
          <Field
            label="Key"
            error={errors.key}
            help="Opens its own events, and nothing else. The relay keeps a hash of it: it is shown this once. Empty: an operator's key listens, and its events come without secrets."
          >
            {(control) => (
              <span class="handlers-url-test">
                <input
                  {...control}
                  class="code"
                  autoComplete="off"
                  autoCapitalize="none"
                  spellcheck={false}
                  value={form.key}
                  onInput={({ currentTarget }) => change({ key: currentTarget.value })}
                />
                <button type="button" onClick={() => change({ key: newId() })}>
                  Another
                </button>
              </span>
            )}
          </Field>
        )}
        <p class="soft">Machines whose {form.event} begins from now on go through it too.</p>
        {problem !== undefined && <Problem error={problem} />}
        <div class="actions">
          <button type="submit" class={isUntested ? "" : "main"} disabled={isSaving}>
            {isSaving
              ? "Adding…"
              : isUntested
                ? `Add it anyway, ${check ? "though the test failed" : "without a test"}`
                : "Add it"}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Added({ form, onClose }: { form: NewHandler; onClose(): void }) {
  const lines = subscribeLines(form, location.origin);
  return (
    <Dialog title={`${form.name} is added`} onClose={onClose} isFirm>
      <p>Machines wait for it at {form.event} until somebody listens and answers.</p>
      {lines.keep !== null && (
        <>
          <Notice kind="warning">This is the only time that the key is shown.</Notice>
          <p class="handlers-key">
            <code>{form.key}</code> <CopyButton text={form.key} label="Copy the key" />
          </p>
          <h3>Keep it in a file, so that no command line shows it</h3>
          <CodeLine text={lines.keep} label="Line that keeps the key in a file" />
        </>
      )}
      <h3>Listen</h3>
      <CodeLine text={lines.listen} label="Line that listens" />
      <h3>Or listen, and say of everything that it is done</h3>
      <CodeLine text={lines.answer} label="Lines that listen and answer" />
      <div class="actions">
        <button type="button" class="main" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
