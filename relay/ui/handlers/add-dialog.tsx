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
import { PlainInput } from "../parts/plain-input.tsx";
import { Problem } from "../parts/problem.tsx";
import { useRequest } from "../parts/use-request.ts";
import { machineEvents, nextOrder } from "./chains.ts";
import { isGood } from "./health.ts";
import { checkNewHandler, type NewHandler, type NewHandlerErrors, subscribeLines, toRow } from "./new-handler.ts";
import { messageAt, UrlField } from "./url-field.tsx";

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
  const [mistakes, setMistakes] = useState<NewHandlerErrors>({});
  const [check, setCheck] = useState<CheckView | null>(null);
  const { isBusy, error, send, forget } = useRequest();
  const [isAdded, setAdded] = useState(false);
  const errorAt = (name: keyof NewHandler) => mistakes[name] ?? messageAt(name, error);
  const isPlaced = error instanceof ApiError && error.field !== undefined && error.field in form;

  function change(changed: Partial<NewHandler>): void {
    setForm((old) => ({ ...old, ...changed }));
    setMistakes((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in changed))));
    forget();
  }

  async function add(event: Event): Promise<void> {
    event.preventDefault();
    const wrong = checkNewHandler(
      form,
      handlers.map(({ name }) => name),
    );
    setMistakes(wrong);
    if (Object.keys(wrong).length > 0 || isBusy) return;
    if (!(await send(() => putHandler(form.name, toRow(form)).then(onAdded)))) return;
    if (form.way === "url") onClose();
    else setAdded(true);
  }

  if (isAdded) return <Added form={form} onClose={onClose} />;
  const isUntested = form.way === "url" && !(check && isGood(check));
  return (
    <Dialog title="Add a handler" onClose={onClose} isFirm>
      <form noValidate onSubmit={(event) => void add(event)}>
        <Field
          label="Name"
          isRequired
          error={errorAt("name")}
          help="For example dns. Machines in progress know it by this name."
        >
          {(control) => <PlainInput {...control} value={form.name} onText={(name) => change({ name })} />}
        </Field>
        <div class="handlers-pair">
          <Field label="Event" error={errorAt("event")}>
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
          <Field label="Order" error={errorAt("order")} help="Lower ones are asked first. Ours stand at 100.">
            {(control) => (
              <PlainInput
                {...control}
                inputMode="numeric"
                value={form.order}
                onText={(order) => {
                  setOrderTyped(true);
                  change({ order });
                }}
              />
            )}
          </Field>
        </div>
        <fieldset class="row handlers-ways">
          <legend>How does it hear of events?</legend>
          {ways.map(([way, words]) => (
            <label key={way}>
              <input type="radio" name="way" checked={form.way === way} onChange={() => change({ way })} /> {words}
            </label>
          ))}
        </fieldset>
        {form.way === "url" ? (
          <UrlField
            name={form.name || "new"}
            url={form.url}
            error={errorAt("url")}
            onUrl={(url) => change({ url })}
            check={check}
            onCheck={setCheck}
          />
        ) : (
          <Field
            label="Key"
            error={errorAt("key")}
            help="Opens its own events, and nothing else. The relay keeps a hash of it: it is shown this once. Empty: an operator's key listens, and its events come without secrets."
          >
            {(control) => (
              <span class="handlers-url-test">
                <PlainInput {...control} class="code" value={form.key} onText={(key) => change({ key })} />
                <button type="button" onClick={() => change({ key: newId() })}>
                  Another
                </button>
              </span>
            )}
          </Field>
        )}
        <p class="soft">Machines whose {form.event} begins from now on go through it too.</p>
        {error !== undefined && !isPlaced && <Problem error={error} />}
        <div class="actions">
          <button type="submit" class={isUntested ? "" : "main"} disabled={isBusy}>
            {isBusy
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

const ways = [
  ["url", "It is called at a URL"],
  ["bus", "It listens on the bus"],
] as const;

function Added({ form, onClose }: { form: NewHandler; onClose(): void }) {
  const lines = subscribeLines(form, location.origin);
  return (
    <Dialog title={`${form.name} is added`} onClose={onClose} isFirm>
      <p>Machines wait for it at {form.event} until somebody listens and answers.</p>
      {lines.keep !== null && (
        <>
          <Notice kind="warning">This is the only time that the key is shown.</Notice>
          <p class="row handlers-key">
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
