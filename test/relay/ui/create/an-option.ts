// An option of a driver, to be changed by a test.
import type { FormOption } from "../../../../relay/ui/create/option-values.ts";

export const anOption = (changes: Partial<FormOption>): FormOption => ({
  name: "region",
  flag: `--cloud-${changes.name ?? "region"}`,
  type: "text",
  default: null,
  text: "",
  environmentVariable: null,
  isSecret: false,
  isFile: false,
  ...changes,
});
