// How far something is; without a percentage it only says that something goes on.
export function ProgressBar({ percent, label }: { percent: number | null; label: string }) {
  return (
    <span
      class={percent === null ? "progress unknown" : "progress"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { "aria-valuenow": Math.round(percent) })}
    >
      <span class="progress-fill" style={{ width: percent === null ? "100%" : `${percent}%` }} />
    </span>
  );
}
