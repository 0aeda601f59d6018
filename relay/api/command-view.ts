// The line that a create would run. Shapes only.
import Type from "typebox";
import { CommandPreview } from "../../functions/contract.ts";
import { Nullable } from "./schemas.ts";

const { command, environment, files, added } = CommandPreview.properties;

export const CommandView = Type.Object(
  { command: Nullable(command), environment, files, added },
  { description: "`command` null: these functions do not say what they run." },
);
export type CommandView = Type.Static<typeof CommandView>;
