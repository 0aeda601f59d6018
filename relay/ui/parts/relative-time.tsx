// A time as people say it, ticking; the exact one, in the reader's own time zone, when they point at it.
import { now } from "../state/clock.ts";
import { formatRelative } from "./duration.ts";

const exact = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "long",
});
const clockTime = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

export function RelativeTime({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {formatRelative(at, now.value)}
    </time>
  );
}

/** `14:03:22`, with the whole of it on hover. */
export function ClockTime({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {clockTime.format(at)}
    </time>
  );
}

/** With milliseconds: what happened first is often a matter of them. */
export function exactTime(at: number): string {
  return `${exact.format(at)} (.${String(Math.floor(at % 1000)).padStart(3, "0")})`;
}
