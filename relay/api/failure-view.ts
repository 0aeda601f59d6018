// An error of a machine or a process as anybody may read it: the words of whoever said it, whole, and beside them what
// they mean, where we know.
import Type from "typebox";
import type { Failure } from "../store/types.ts";
import { meaningOf, remainsOf } from "./error-meanings.ts";
import { Nullable } from "./schemas.ts";

export const FailureView = Type.Object({
  code: Type.String({ description: "Stable: `driver.failed`, `function.silent`, …" }),
  message: Type.String({ description: "The words of whoever said it, a driver's as a rule." }),
  meaning: Nullable(
    Type.Object(
      {
        means: Type.String(),
        todo: Type.String({ description: "What to do about it." }),
        retry: Type.Enum(["yes", "later", "changed", "no"], {
          description:
            "Whether trying again helps: as it is, as it is but later, once something is changed, or not by itself.",
        }),
      },
      { description: "What it means; null where we know no more than its words say." },
    ),
  ),
  remains: Nullable(
    Type.Enum(["nothing", "something"], { description: "What is left at the provider, where its words say so." }),
  ),
});
export type FailureView = Type.Static<typeof FailureView>;

export function viewFailure(error: Failure | null): FailureView | null {
  if (error === null) return null;
  const { code, message } = error;
  return { code, message, meaning: meaningOf(error), remains: remainsOf(error) };
}
