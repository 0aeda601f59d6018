// Which requests failed, and why.
import { ApiError } from "../client/ask.ts";
import { Notice } from "../parts/notice.tsx";
import { messageOf } from "../parts/problem.tsx";
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
            : <Text>{messageOf(error)}</Text>
            {error instanceof ApiError && error.code !== "network" && <span class="code"> {error.code}</span>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
