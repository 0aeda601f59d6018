// Times of log lines, quick to write: there are many. In the reader's own time zone.

/** `14:03:22.417` */
export function lineTime(at: number): string {
  const time = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const milliseconds = String(time.getMilliseconds()).padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** With the day. */
export const momentTime = (at: number): string => moment.format(at);
