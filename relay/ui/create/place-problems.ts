// Puts what the API says is wrong to the field that it means. Pure.
import { ApiError } from "../client/ask.ts";
import type { Mistakes } from "./mistakes.ts";

export interface Placed {
  mistakes: Mistakes;
  /** Those that belong to no field. */
  others: unknown[];
}

/** Several machines fail for the same reason as a rule: each reason is said once. */
export function placeProblems(errors: readonly unknown[]): Placed {
  const fields: Partial<Record<"name" | "driver" | "labels", string>> = {};
  const options: Record<string, string> = {};
  const engine: Record<string, string> = {};
  const others = new Map<string, unknown>();
  for (const error of errors) {
    const [field = "", inner = ""] = (error instanceof ApiError && error.field?.split(".")) || [];
    const words = error instanceof Error ? error.message : String(error);
    if (field === "driverConfig" && inner) options[inner] = add(options[inner], words);
    else if (field === "engine" && inner) engine[inner] = add(engine[inner], words);
    else if (field === "name" || field === "driver" || field === "labels") fields[field] = add(fields[field], words);
    else others.set(words, error);
  }
  return { mistakes: { ...fields, options, engine }, others: [...others.values()] };
}

function add(before: string | undefined, words: string): string {
  return before === undefined || before === words ? words : `${before}. ${words}`;
}
