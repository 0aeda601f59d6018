// Which requests failed, and why.
import { Notice } from "../parts/notice.tsx";
import { ErrorWords } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import type { Failed } from "./use-requests.ts";

export function FailedList({ failed }: { failed: readonly Failed[] }) {
  if (failed.length === 0) return null;
  return (
    <Notice kind="error">
      {failed.length === 1 ? "One request failed:" : `${failed.length} requests failed:`}
      <ul class="failed-list">
        {failed.map(({ machine, error }) => (
          <li key={machine.id}>
            <strong>
              <Text>{machine.name}</Text>
            </strong>
            : <ErrorWords error={error} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
