// The functions' log: JSON lines on stdout, of chosen fields. Never an event, a reply or a line of a program's output.
import { type DestinationStream, type Logger, pino } from "pino";

export function createLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? pino.destination({ sync: true }),
  );
}
