// Asks for the key of the relay. It is kept for this tab only.
import "./login.css";
import { useEffect, useState } from "preact/hooks";
import { getAbout } from "../client/about.ts";
import { ApiError } from "../client/ask.ts";
import { useModal } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { messageOf } from "../parts/problem.tsx";
import { useTitle } from "../parts/use-title.ts";
import { enterWithoutKey, refusal, setKey } from "../state/session.ts";
import { describeMistyped, describeRefused } from "./words.ts";

const focusFirst = (input: HTMLInputElement | null) => input?.focus();

/** `isOverViews`: the key was good, and is no longer. The views behind stay as they are. */
export function Login({ isOverViews = false }: { isOverViews?: boolean }) {
  useTitle("Log in");
  if (isOverViews) return <OverViews />;
  return (
    <main class="entrance">
      <h1>machine-relay</h1>
      <KeyForm isOverViews={false} />
    </main>
  );
}

/** Modal, and above a dialog that is open behind it. */
function OverViews() {
  const element = useModal();
  return (
    <dialog
      ref={element}
      class="login-over"
      aria-label="Log in again"
      onCancel={(event) => event.preventDefault()}
      // A browser lets a second Esc pass.
      onClose={() => element.current?.isConnected && element.current.showModal()}
    >
      <div class="dialog-body">
        <h1>machine-relay</h1>
        <KeyForm isOverViews />
      </div>
    </dialog>
  );
}

function KeyForm({ isOverViews }: { isOverViews: boolean }) {
  const [value, setValue] = useState("");
  const [error, setError] = useState<string>();
  const [isTrying, setTrying] = useState(false);

  // A key that nobody wants is refused as well: was the relay started again without keys?
  useEffect(() => {
    if (refusal.value === "wrong") getAbout({ key: null }).then(enterWithoutKey, () => {});
  }, []);

  async function logIn(event: Event): Promise<void> {
    event.preventDefault();
    const candidate = value.trim();
    const mistyped = describeMistyped(candidate);
    setError(mistyped);
    if (mistyped !== undefined || isTrying) return;
    setTrying(true);
    try {
      // Tried before it is kept, so that nothing is shown that must be taken away again.
      await getAbout({ key: candidate });
      setKey(candidate);
    } catch (problem) {
      setError(problem instanceof ApiError ? describeRefused(problem) : messageOf(problem));
      setTrying(false);
    }
  }

  return (
    <form noValidate onSubmit={(event) => void logIn(event)}>
      {refusal.value === "wrong" && (
        <Notice kind="warning">
          The relay no longer takes the key of this tab.{isOverViews && " What you had typed is kept behind this."}
        </Notice>
      )}
      {refusal.value === "missing" && isOverViews && (
        <Notice kind="warning">The relay now wants a key. What you had typed is kept behind this.</Notice>
      )}
      <Field label="API key" help="One of API_KEYS. It is kept in this tab only, until it is closed." error={error}>
        {(control) => (
          <input
            {...control}
            type="password"
            name="key"
            autoComplete="current-password"
            autoCapitalize="none"
            spellcheck={false}
            ref={focusFirst}
            value={value}
            onInput={({ currentTarget }) => setValue(currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="main" disabled={isTrying}>
        {isTrying ? "Trying…" : "Log in"}
      </button>
    </form>
  );
}
