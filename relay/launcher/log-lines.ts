// A program's log line as a person at a terminal reads it. Pure.

const levels: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};
/** So that both programs' lines begin in one column. */
const nameCharacters = 9;

/** `relay     | 12:00:01 request method=GET …`; what is no JSON is shown as it is. */
export function formatLine(name: string, line: string): string {
  return `${name.padEnd(nameCharacters)} | ${formatJson(line) ?? line}`;
}

function formatJson(line: string): string | null {
  if (!line.startsWith("{")) return null;
  try {
    const { level, time, msg, pid, hostname, ...about } = JSON.parse(line) as Record<string, unknown>;
    const parts = Object.entries(about).map(([key, value]) => `${key}=${formatValue(value)}`);
    return [formatTime(time), levels[level as number], msg, ...parts].filter(Boolean).join(" ");
  } catch {
    return null;
  }
}

function formatValue(value: unknown): string {
  return typeof value === "string" && !/\s/.test(value) ? value : JSON.stringify(value);
}

function formatTime(time: unknown): string {
  const date = new Date(time as string | number);
  return Number.isNaN(date.getTime()) ? "" : date.toTimeString().slice(0, 8);
}
