// What a row says of what goes on with its machine. Pure.
import type { MachineView } from "../../api/machine-view.ts";

/** One line of a row shows less than this: whatever a driver writes, fifty rows stay light. */
const lineCharactersMax = 300;
/** So long after an attempt's time it is under way, and what it says counts, not what the last one failed with. */
const startsWithinMs = 3_000;

export type RowWords =
  | { kind: "progress"; percent: number | null; text: string }
  /** A person has to say what is at the provider. */
  | { kind: "resolve"; text: string }
  | { kind: "failing"; text: string; nextFireAt: number; processId: string }
  | { kind: "error"; text: string }
  | { kind: "quiet"; text: string };

export function describeRow(machine: MachineView, now: number): RowWords {
  const { state, process, error, engineVersion } = machine;
  if (process?.waitingFor === "resolve") return { kind: "resolve", text: firstLine(process.error?.message ?? "") };
  if (process?.waitingFor) {
    const text = process.error?.message ?? `waits for the handler ${process.waitingFor}`;
    return { kind: "error", text: firstLine(text) };
  }
  if (isFailing(machine, now)) {
    const { id, name, error: reason, nextFireAt } = machine.process;
    return {
      kind: "failing",
      text: firstLine(`${name} fails: ${reason.message}`),
      nextFireAt,
      processId: id,
    };
  }
  if (state === "error") return { kind: "error", text: firstLine(error?.message ?? "It failed, and nobody said why") };
  if (state === "deleted") return { kind: "quiet", text: firstLine(error?.message ?? "") };
  if (machine.transitioning === "yes") {
    const { transitioningMessage, stage, transitioningProgress } = machine;
    return { kind: "progress", percent: transitioningProgress, text: firstLine(transitioningMessage ?? stage ?? "") };
  }
  return { kind: "quiet", text: engineVersion === null ? "" : firstLine(`Docker ${engineVersion}`) };
}

type Failing = MachineView & {
  process: NonNullable<MachineView["process"]> & {
    error: NonNullable<NonNullable<MachineView["process"]>["error"]>;
    nextFireAt: number;
  };
};

/** The last attempt failed, and another follows at its time. */
export function isFailing(machine: MachineView, now: number): machine is Failing {
  const { process } = machine;
  if (process === null || process.waitingFor !== null || process.error === null || process.nextFireAt === null) {
    return false;
  }
  // A deletion that has failed says why until it has succeeded: whatever it does now is what it did before.
  return process.name === "delete" || process.nextFireAt + startsWithinMs > now;
}

/** `tier=web, site=ams` */
export function describeLabels(labels: Readonly<Record<string, string>>): string {
  return firstLine(
    Object.entries(labels)
      .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
      .join(", "),
  );
}

export function firstLine(text: string): string {
  const line = text.trimStart().split("\n", 1)[0]!.trimEnd();
  return line.length > lineCharactersMax ? `${line.slice(0, lineCharactersMax)}…` : line;
}
