// Lengths of time in words. Pure.
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.4 s`, `12 s`, `1 min 40 s`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 950) return `${(Math.max(ms, 50) / second).toFixed(1)} s`;
  if (ms < minute - second / 2) return `${Math.round(ms / second)} s`;
  if (ms < hour) return twoUnits(ms, minute, "min", second, "s");
  if (ms < day) return twoUnits(ms, hour, "h", minute, "min");
  return twoUnits(ms, day, "d", hour, "h");
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  // Rounded first, so that 59.9 s is a minute and not "0 min 60 s".
  const rounded = Math.round(ms / small) * small;
  const rest = Math.round((rounded % large) / small);
  return `${Math.floor(rounded / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/** `just now`, `12 s ago`, `5 min ago`, `in 30 s`: one unit. */
export function formatRelative(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < 2 * second) return "just now";
  const [unit, name] = (
    [
      [day, "d"],
      [hour, "h"],
      [minute, "min"],
      [second, "s"],
    ] as const
  ).find(([size]) => ms >= size) ?? [second, "s"];
  const text = `${Math.floor(ms / unit)} ${name}`;
  return at > now ? `in ${text}` : `${text} ago`;
}
