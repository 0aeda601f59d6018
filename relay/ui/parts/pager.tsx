// Which part of a long list is shown.
export interface PagerProps {
  page: number;
  pageSize: number;
  count: number;
  onPage(page: number): void;
}

export function Pager({ page, pageSize, count, onPage }: PagerProps) {
  const last = Math.max(0, Math.ceil(count / pageSize) - 1);
  if (last === 0) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled={page <= 0} onClick={() => onPage(page - 1)}>
        Previous
      </button>
      <span>
        {page * pageSize + 1}–{Math.min(count, (page + 1) * pageSize)} of {count}
      </span>
      <button type="button" disabled={page >= last} onClick={() => onPage(page + 1)}>
        Next
      </button>
    </nav>
  );
}
