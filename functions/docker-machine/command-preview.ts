// The line that a create would run, for a person to read before there is a machine. Runs nothing, and shows no secret.
import {
  type CommandPreview,
  type CommandRequest,
  type DriverConfig,
  hideEngineSecrets,
  hideSecret,
} from "../contract.ts";
import { findOption } from "./driver-options.ts";
import { type KnownDriver, requireDriver } from "./drivers.ts";
import { buildArgumentsFor, createCommand } from "./machine-job.ts";
import { checkProviderName, checkRules } from "./option-rules.ts";
import { addRecommended } from "./recommend.ts";
import type { Tools } from "./tools.ts";

/** @throws FunctionProblem 422, as a create with these would */
export async function previewCommand(
  tools: Tools,
  driverName: string,
  { machineName, driverConfig, engine, isComplete = false }: CommandRequest,
): Promise<CommandPreview> {
  const { driver, program } = await requireDriver(tools, driverName);
  checkProviderName(driver.name, machineName);
  // Before anything is made of them: so no secret can be in what comes out.
  const hidden = { driverConfig: hideSecrets(driver, driverConfig), engine: hideEngineSecrets(engine) };
  const { driverConfig: complete, added } = addRecommended(driver, hidden.driverConfig);
  const built = buildArgumentsFor(tools, driver, { ...hidden, driverConfig: complete }, "files");
  checkRules({ driver: driver.name, options: driver.options, driverConfig }, isComplete);
  return {
    command: [program.name, ...createCommand(driver.name, built, machineName)],
    environment: Object.keys(built.environment),
    files: built.files.map(({ name }) => name),
    added,
  };
}

function hideSecrets({ name: driver, options }: KnownDriver, driverConfig: DriverConfig): DriverConfig {
  return Object.fromEntries(
    Object.entries(driverConfig).map(([key, value]) => [key, hideSecret(findOption({ driver, options }, key), value)]),
  );
}
