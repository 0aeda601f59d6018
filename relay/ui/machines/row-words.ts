// What a row says of what goes on with its machine. Pure.
import type { MachineView } from "../../api/machine-view.ts";
import { situationOf } from "../machine/situation.ts";

/** One line of a row shows less than this: whatever a driver writes, fifty rows stay light. */
const lineCharactersMax = 300;

export type RowWords =
  | { kind: "progress"; percent: number | null; text: string }
  /** A person has to say what is at the provider. */
  | { kind: "resolve"; text: string }
  /** `nextFireAt` null: an attempt is under way. */
  | { kind: "failing"; text: string; nextFireAt: number | null; processId: string }
  | { kind: "error"; text: string }
  | { kind: "quiet"; text: string };

export function describeRow(machine: MachineView): RowWords {
  const situation = situationOf(machine);
  const text = firstLine("error" in situation ? (situation.error?.message ?? "") : "");
  switch (situation.kind) {
    case "unknown":
      return { kind: "resolve", text };
    case "unhandled":
    case "failed":
      return { kind: "error", text };
    case "forgotten":
      return { kind: "quiet", text };
    case "failing": {
      const { id, name, nextFireAt } = situation.process;
      // A deletion that has failed says why until it has succeeded: whatever it does now is what it did before.
      if (nextFireAt !== null || name === "delete") {
        return { kind: "failing", text: `${name} fails: ${text}`, nextFireAt, processId: id };
      }
    }
  }
  if (machine.transitioning === "yes") {
    const { transitioningMessage, stage, transitioningProgress } = machine;
    return { kind: "progress", percent: transitioningProgress, text: firstLine(transitioningMessage ?? stage ?? "") };
  }
  const isSilent = machine.state === "deleted" || machine.engineVersion === null;
  return { kind: "quiet", text: isSilent ? "" : firstLine(`Docker ${machine.engineVersion}`) };
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
