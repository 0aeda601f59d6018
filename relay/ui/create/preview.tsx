// What will happen: the names, the command line that will run, and the same request as a line of curl.
import { useEffect, useState } from "preact/hooks";
import type { AddedValue } from "../../../functions/contract.ts";
import { ApiError } from "../client/ask.ts";
import { previewCommand } from "../client/drivers.ts";
import type { NewMachine } from "../client/machines.ts";
import { CodeLine } from "../parts/code-line.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { messageOf } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import { key } from "../state/session.ts";
import { formatCommand } from "./command-line.ts";
import { formatCurl } from "./curl.ts";
import { maskRequest } from "./masked-request.ts";
import type { FormOption } from "./option-values.ts";

const askAfterMs = 300;

export interface PreviewProps {
  /** They differ by name only. */
  machines: readonly NewMachine[];
  options: readonly FormOption[];
  /** What keeps the line from being shown, for the fields that it names; null: nothing does. */
  onRefused(error: unknown): void;
}

export function Preview({ machines, options, onRefused }: PreviewProps) {
  const [machine] = machines;
  if (!machine) return null;
  return (
    <>
      <h2>What will run</h2>
      <CommandLine machine={machine} onRefused={onRefused} />
      <h2>The same by API</h2>
      <AsCurl machine={machine} names={machines.map(({ name }) => name)} options={options} />
    </>
  );
}

type Shown = { text: string; files: readonly string[]; added: readonly AddedValue[] } | { problem: string };

function CommandLine({ machine, onRefused }: { machine: NewMachine; onRefused(error: unknown): void }) {
  const [shown, setShown] = useState<Shown>();
  // The masked request is what the answer depends on: typing on in a secret changes nothing.
  const request = JSON.stringify(maskRequest(machine));
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      previewCommand(machine.driver, JSON.parse(request), abort.signal).then(
        ({ command, environment, files, added = [] }) => {
          onRefused(null);
          setShown(
            command === null
              ? { problem: "These functions do not say what they run." }
              : { text: formatCommand(command, environment), files, added },
          );
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          onRefused(error);
          setShown({ problem: describe(error) });
        },
      );
    }, askAfterMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [machine.driver, request]);

  if (!shown) return <p class="soft create-command">…</p>;
  if ("problem" in shown) {
    return (
      <p class="soft create-command">
        <Text>{shown.problem}</Text>
      </p>
    );
  }
  return (
    <div class="create-command">
      <CodeLine text={shown.text} label="Command line" />
      {shown.added.map(({ option, value, reason }) => (
        <p class="help" key={option}>
          <Text>{`${option} ${value}`}</Text> is added: {reason}.
        </p>
      ))}
      {shown.files.length > 0 && <p class="help">Written to a file for it: {shown.files.join(", ")}.</p>}
    </div>
  );
}

function describe(error: unknown): string {
  if (error instanceof ApiError && error.code === "route.unknown") return "This relay shows no command lines.";
  return `Cannot be shown: ${messageOf(error)}`;
}

interface AsCurlProps {
  machine: NewMachine;
  names: readonly string[];
  options: readonly FormOption[];
}

function AsCurl({ machine, names, options }: AsCurlProps) {
  const needsKey = key.value !== null;
  const { text, variables } = formatCurl({ origin: location.origin, needsKey, machine, names, options });
  return (
    <>
      {variables.length > 0 && (
        <p class="help">
          Set before it runs:{" "}
          {variables.map(({ name, isFile }) => `$${name}${isFile ? " (the path of a file)" : ""}`).join(", ")}
        </p>
      )}
      <CopyButton text={text} label="Copy as curl" />
      <details class="create-curl">
        <summary>Show it</summary>
        {/* A region that scrolls must be reachable by keyboard. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <section class="create-curl-text" tabIndex={0} aria-label="As curl">
          <pre>{text}</pre>
        </section>
      </details>
    </>
  );
}
