// A URL that shall serve events, and a button that tries it before it is used.
import type { CheckView } from "../../api/handler-view.ts";
import { ApiError } from "../client/ask.ts";
import { checkHandler } from "../client/handlers.ts";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { PlainInput } from "../parts/plain-input.tsx";
import { Problem } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import { useRequest } from "../parts/use-request.ts";
import { describeCheck, type Health } from "./health.ts";

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
  const request = useRequest();
  const urlError = error ?? messageAt("url", request.error);
  const isTestable = url.trim() !== "" && !request.isBusy;

  function test(): void {
    onCheck(null);
    void request.send(() => checkHandler(name, url.trim()).then(onCheck));
  }

  return (
    <>
      <Field label="URL" error={urlError} help="Its events are POSTed there.">
        {(control) => (
          <span class="handlers-url-test">
            <PlainInput
              {...control}
              inputMode="url"
              placeholder="http://…"
              value={url}
              // What is being tried must be what is there when the answer comes.
              readOnly={request.isBusy}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                if (isTestable) test();
              }}
              onText={(text) => {
                request.forget();
                onCheck(null);
                onUrl(text);
              }}
            />
            <button type="button" disabled={!isTestable} onClick={test}>
              {request.isBusy ? "Testing…" : "Test"}
            </button>
          </span>
        )}
      </Field>
      <div aria-live="polite">
        {request.error !== undefined && urlError === undefined && <Problem error={request.error} />}
        {check && <CheckResult check={check} />}
      </div>
    </>
  );
}

/** What the API says of this field. */
export function messageAt(field: string, error: unknown): string | undefined {
  return error instanceof ApiError && error.field === field ? error.message : undefined;
}

const yesNo = (value: boolean | null) => (value === null ? "not known" : value ? "yes" : "no");

function CheckResult({ check }: { check: CheckView }) {
  const health = describeCheck(check);
  const facts = [
    ["Reachable", yesNo(check.isReachable)],
    ["Ready", yesNo(check.isReady)],
    ["Version", check.version ?? "not known"],
    ["Keeps leases", yesNo(check.keepsLeases)],
    ["Addresses", check.addresses.join(", ") || "none"],
  ] as const;
  return (
    <div class="panel">
      <HealthBadge health={health} />
      {health.detail !== null && (
        <p>
          <Text>{health.detail}</Text>
        </p>
      )}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Text>{value}</Text>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export function HealthBadge({ health: { icon, tone, word } }: { health: Health }) {
  return (
    <span class={`state tone-${tone}`}>
      <Icon name={icon} /> {word}
    </span>
  );
}
