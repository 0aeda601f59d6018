// The calls about drivers: which there are, their options, the command line that options make, and how long they take.
import type { Driver } from "../../../functions/contract.ts";
import type { CommandView } from "../../api/command-view.ts";
import type { DriverView } from "../../api/driver-view.ts";
import type { TimingsView } from "../../api/timings-view.ts";
import { ask } from "./ask.ts";

const pathOf = (name: string) => `/v1/drivers/${encodeURIComponent(name)}`;

/** Without options. */
export const listDrivers = async () => (await ask<{ drivers: Driver[] }>("GET", "/v1/drivers")).drivers;

/** With its options. */
export const getDriver = (name: string) => ask<DriverView>("GET", pathOf(name));

/** What would run. Secrets are given as the mask: the answer needs to know that they are there, and nothing else. */
export const previewCommand = (
  driver: string,
  machine: { name?: string; driverConfig?: Record<string, unknown>; engine?: Record<string, unknown> },
  signal?: AbortSignal,
) => ask<CommandView>("POST", `${pathOf(driver)}/command`, { body: machine, ...(signal ? { signal } : {}) });

/** How long things usually take here with this driver. */
export const getTimings = (driver: string) => ask<TimingsView>("GET", `${pathOf(driver)}/timings`);
