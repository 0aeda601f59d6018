// Asks for the key of the relay. It is kept for this tab only.
import { useState } from "preact/hooks";
import { ask } from "../client/ask.ts";
import { Field } from "../parts/field.tsx";
import { messageOf } from "../parts/problem.tsx";
import { refusal, setKey } from "../state/session.ts";

const focusFirst = (input: HTMLInputElement | null) => input?.focus();

export function Login() {
  const [value, setValue] = useState("");
  const [error, setError] = useState<string>();
  const refused = refusal.value === "wrong" ? "This key opens nothing here." : undefined;

  async function logIn(event: Event): Promise<void> {
    event.preventDefault();
    const candidate = value.trim();
    if (!/^[\x21-\x7e]+$/.test(candidate)) return setError("A key has no spaces, and only plain characters.");
    setError(undefined);
    try {
      // Tried before it is kept, so that nothing is shown that must be taken away again.
      await ask("GET", "/v1/about", { headers: { authorization: `Bearer ${candidate}` } });
      setKey(candidate);
    } catch (problem) {
      // A 401 has said so already.
      if (refusal.value !== "wrong") setError(messageOf(problem));
    }
  }

  return (
    <main class="entrance">
      <h1>machine-relay</h1>
      <form onSubmit={(event) => void logIn(event)}>
        <Field label="API key" help="One of API_KEYS. It is kept in this tab only." error={error ?? refused}>
          {(control) => (
            <input
              {...control}
              type="password"
              name="key"
              autoComplete="current-password"
              required
              ref={focusFirst}
              value={value}
              onInput={({ currentTarget }) => setValue(currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="main">
          Log in
        </button>
      </form>
    </main>
  );
}
