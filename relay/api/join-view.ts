// The line that a person pastes on a host that shall join. Shapes only.
import Type from "typebox";
import { Nullable, Time } from "./schemas.ts";

export const JoinView = Type.Object({
  line: Type.String(),
  expiresAt: Time,
  warning: Nullable(Type.String({ description: "Why the line cannot work on other hosts, if that is so." })),
});
export type JoinView = Type.Static<typeof JoinView>;
