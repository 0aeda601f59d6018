// A URL that shall serve events, and a button that tries it before it is used.
import { useState } from "preact/hooks";
import type { CheckView } from "../../api/handler-view.ts";
import { ApiError } from "../client/ask.ts";
import { checkHandler } from "../client/handlers.ts";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import { describeCheck } from "./health.ts";

export interface UrlFieldProps {
  /** The handler's; there need be none of that name yet. */
  name: string;
  url: string;
  error?: string | undefined;
  onUrl(url: string): void;
  /** Null: this URL has not been tried. */
  check: CheckView | null;
  onCheck(check: CheckView | null): void;
}

export function UrlField({ name, url, error, onUrl, check, onCheck }: UrlFieldProps) {
  const [isTesting, setTesting] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const isBadUrl = problem instanceof ApiError && problem.field === "url";

  async function test(): Promise<void> {
    setTesting(true);
    setProblem(undefined);
    onCheck(null);
    try {
      onCheck(await checkHandler(name, url.trim()));
    } catch (failure) {
      setProblem(failure);
    }
    setTesting(false);
  }

  return (
    <>
      <Field label="URL" error={error ?? (isBadUrl ? problem.message : undefined)} help="Its events are POSTed there.">
        {(control) => (
          <span class="handlers-url-test">
            <input
              {...control}
              type="url"
              autoComplete="off"
              autoCapitalize="none"
              spellcheck={false}
              placeholder="http://…"
              value={url}
              // What is being tried must be what is there when the answer comes.
              readOnly={isTesting}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                if (url.trim() !== "" && !isTesting) void test();
              }}
              onInput={({ currentTarget }) => {
                setProblem(undefined);
                onCheck(null);
                onUrl(currentTarget.value);
              }}
            />
            <button type="button" disabled={isTesting || url.trim() === ""} onClick={() => void test()}>
              {isTesting ? "Testing…" : "Test"}
            </button>
          </span>
        )}
      </Field>
      <div aria-live="polite">
        {problem !== undefined && !isBadUrl && <Problem error={problem} />}
        {check && <CheckResult check={check} />}
      </div>
    </>
  );
}

const yesNo = (value: boolean | null) => (value === null ? "not known" : value ? "yes" : "no");

function CheckResult({ check }: { check: CheckView }) {
  const health = describeCheck(check);
  return (
    <div class="panel handlers-check">
      <span class={`state tone-${health.tone}`}>
        <Icon name={health.icon} /> {health.word}
      </span>
      {health.detail !== null && (
        <p>
          <Text>{health.detail}</Text>
        </p>
      )}
      <dl>
        <dt>Reachable</dt>
        <dd>{yesNo(check.isReachable)}</dd>
        <dt>Ready</dt>
        <dd>{yesNo(check.isReady)}</dd>
        <dt>Version</dt>
        <dd>{check.version === null ? "not known" : <Text>{check.version}</Text>}</dd>
        <dt>Keeps leases</dt>
        <dd>{yesNo(check.keepsLeases)}</dd>
        <dt>Addresses</dt>
        <dd>{check.addresses.length === 0 ? "none" : <Text>{check.addresses.join(", ")}</Text>}</dd>
      </dl>
    </div>
  );
}
