// What is kept of a machine, entry by entry, as anybody may read it.
import Type from "typebox";
import { Nullable, Time } from "./schemas.ts";

export const HistoryEntryView = Type.Object({
  id: Type.Integer({
    description: "Grows by one for each entry of the machine; a gap is where the middle was dropped.",
  }),
  machineId: Type.String(),
  processId: Nullable(Type.String()),
  eventId: Nullable(Type.String()),
  at: Time,
  kind: Type.String({ description: "`state`, `fired`, `reply`, `unanswered`, `retry`, `cancel`, `resolve`, …" }),
  message: Type.String(),
  attempt: Nullable(Type.Integer()),
  run: Nullable(Type.Integer()),
});
export type HistoryEntryView = Type.Static<typeof HistoryEntryView>;

export const LogLineView = Type.Object({
  number: Type.Integer({
    description:
      "Grows by one for each line of the machine, and is the same in `resource.log`; a gap is where the middle of a " +
      "long log was dropped.",
  }),
  processId: Type.String(),
  at: Time,
  stream: Type.Enum(["stdout", "stderr", "note"]),
  line: Type.String(),
});
export type LogLineView = Type.Static<typeof LogLineView>;

export const StageView = Type.Object({
  processId: Type.String(),
  process: Type.Enum(["create", "bootstrap", "delete"]),
  stage: Type.String({
    description: "As the handler calls it. A process that is tried again enters its stages again.",
  }),
  startedAt: Time,
  endedAt: Nullable(Type.Integer({ minimum: 0, description: "Milliseconds since 1970; null while it lasts." })),
});
export type StageView = Type.Static<typeof StageView>;
