// Whether a cloud can be had here; when not, that is said loudly.
import { inject } from "vitest";
import { whatIsMissingForCloud } from "./cloud.ts";

/** What is missing; null: nothing. The engine's tests say for themselves what they lack. */
export const cloudMissing = inject("engineMissing") ?? (await whatIsMissingForCloud());

if (cloudMissing)
  console.error(
    `\n!!! NOT RUN: the tests against a cloud on this machine, because there is no ${cloudMissing} here.\n`,
  );
