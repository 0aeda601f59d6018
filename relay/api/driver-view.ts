// A driver as the page's form needs it: what can be given, and what must be. Pure.
import Type from "typebox";
import { Driver, DriverOption } from "../../functions/contract.ts";
import { isRequired } from "./driver-options.ts";

export const DriverOptionView = Type.Object({
  ...DriverOption.properties,
  isRequired: Type.Boolean({
    description: "A create without it fails: it has no default, and no variable that is set where the functions run.",
  }),
});
export type DriverOptionView = Type.Static<typeof DriverOptionView>;

export const DriverView = Type.Object({
  ...Driver.properties,
  options: Type.Optional(Type.Array(DriverOptionView, { description: "Of one driver; a list leaves them out." })),
});
export type DriverView = Type.Static<typeof DriverView>;

export function viewDriver({ options, ...driver }: Driver): DriverView {
  if (!options) return driver;
  return {
    ...driver,
    options: options.map((option) => ({ ...option, isRequired: isRequired({ ...driver, options }, option) })),
  };
}
