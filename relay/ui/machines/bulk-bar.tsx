// What can be done with the selected machines, and what became of it. Lies over the list's end, so that no row moves.
import { FailedList } from "./failed-list.tsx";
import type { Requests } from "./use-requests.ts";

export interface BulkBarProps {
  /** How many are selected. */
  count: number;
  /** How many of them can be retried. */
  retryable: number;
  /** How many the list has, on all its pages. */
  all: number;
  requests: Requests;
  onDelete(): void;
  onRetry(): void;
  onSelectAll(): void;
  onSelectNone(): void;
  onForget(): void;
}

export function BulkBar(props: BulkBarProps) {
  const { count, retryable, all, requests } = props;
  const isBusy = requests.total > 1;
  if (count === 0 && !isBusy && requests.failed.length === 0) return null;
  return (
    <section class="machines-bulk" aria-label="Selected machines">
      {requests.failed.length > 0 && (
        <div class="row">
          <FailedList failed={requests.failed} />
          <button type="button" onClick={props.onForget}>
            Dismiss
          </button>
        </div>
      )}
      {(count > 0 || isBusy) && (
        <div class="row">
          <span role="status">{isBusy ? `${requests.ended} of ${requests.total} asked…` : `${count} selected`}</span>
          <button type="button" class="danger" disabled={isBusy || count === 0} onClick={props.onDelete}>
            Delete {count}…
          </button>
          {retryable > 0 && (
            <button type="button" disabled={isBusy} onClick={props.onRetry}>
              Retry {retryable} in error
            </button>
          )}
          {count < all && (
            <button type="button" class="quiet" onClick={props.onSelectAll}>
              Select all {all}
            </button>
          )}
          <button type="button" class="quiet" onClick={props.onSelectNone}>
            Select none
          </button>
        </div>
      )}
    </section>
  );
}
