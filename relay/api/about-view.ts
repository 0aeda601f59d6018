// What a relay says of itself. Shapes only.
import Type from "typebox";
import { Nullable } from "./schemas.ts";

export const AboutView = Type.Object({
  version: Type.String(),
  node: Type.String(),
  installationId: Type.String(),
  publicUrl: Type.String({ description: "Where agents reach this relay." }),
  publicUrlWarning: Nullable(Type.String()),
  agentListen: Nullable(Type.String()),
  requiresKey: Type.Boolean(),
  programs: Nullable(
    Type.Array(Type.Object({ name: Type.String(), version: Type.String(), path: Type.String() }), {
      description: "What the functions run; null: they cannot be reached.",
    }),
  ),
});
export type AboutView = Type.Static<typeof AboutView>;
