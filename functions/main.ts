// Starts the functions: reads the environment, listens, and ends cleanly when it is told to. The only file of functions/
// with side effects of its own (the supervisor is a program for itself).
import { mkdirSync } from "node:fs";
import closeWithGrace from "close-with-grace";
import type { Logger } from "pino";
import { buildBootstrap } from "./bootstrap.ts";
import { ConfigError, readConfig } from "./config.ts";
import { buildCreate } from "./create.ts";
import { buildDelete } from "./delete.ts";
import { previewCommand } from "./docker-machine/command-preview.ts";
import { catalogueOf } from "./docker-machine/drivers.ts";
import { findTools } from "./docker-machine/tools.ts";
import { WorkspaceError } from "./invocations/workspace.ts";
import { createLog } from "./log.ts";
import { buildFunctions } from "./serve.ts";

/** Killed groups are waited for; then the streams hear how it ended. */
const stopMsMax = 50_000;

/** The bundled driver wants a directory that exists; the others are served without it. */
function makeSimulatedCloud(directory: string, log: Logger): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (err) {
    log.warn({ err, directory }, "SIMULATED_CLOUD_DIR cannot be made: the driver `simulated` will not work");
  }
}

/** Those need no stack: it says what to do. */
function describeStartFailure(error: NodeJS.ErrnoException): unknown {
  if (error instanceof ConfigError || error instanceof WorkspaceError) return error.message;
  const address = `HOST ${process.env.HOST || "127.0.0.1"}, PORT ${process.env.PORT || 8081}`;
  if (error.code === "EADDRINUSE") return `somebody else listens there already (${address}).`;
  if (error.code === "EACCES") return `this user may not listen there (${address}).`;
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return `HOST is no address of this machine (${address}).`;
  return error;
}

try {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  makeSimulatedCloud(config.simulatedCloudDirectory, log);
  const tools = findTools(config);
  const app = buildFunctions({
    config,
    functions: { create: buildCreate(tools), bootstrap: buildBootstrap(tools), delete: buildDelete(tools) },
    drivers: {
      ...catalogueOf(tools),
      previewCommand: (name, request) => previewCommand(tools, name, request),
    },
    log,
  });
  const { close } = closeWithGrace({ delay: stopMsMax, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, "stopped by a defect");
    else log.info({ signal }, "stopping");
    await app.close();
  });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
    log.info({ url, functions: config.functions }, "ready");
    // Whoever started it as a child may want to know.
    process.send?.({ ready: url });
    // And when it is gone, however it went, nobody would end this.
    if (process.connected) process.once("disconnect", close);
  } catch (error) {
    await app.close();
    throw error;
  }
} catch (error) {
  const reason = describeStartFailure(error as NodeJS.ErrnoException);
  console.error(typeof reason === "string" ? `The functions cannot start: ${reason}` : reason);
  process.exit(1);
}
