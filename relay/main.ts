// Starts the relay: reads the environment, opens the store, listens, and ends cleanly when it is told to.
import closeWithGrace from "close-with-grace";
import { buildRelay } from "./app.ts";
import { readConfig } from "./config.ts";
import { RelayError } from "./errors.ts";
import { createLog } from "./log.ts";
import { openStore } from "./store/open.ts";

/** Requests, and what functions still say, have this long to finish. */
const stopMsMax = 15_000;

try {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const store = await openStore({ directory: config.dataDirectory, sealingKey: config.sealingKey ?? undefined });
  const relay = await buildRelay({ config, store, log, isProcessMeasured: true });
  const { close } = closeWithGrace({ delay: stopMsMax, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, "stopped by a defect");
    else log.info({ signal }, "stopping");
    await relay.stop();
  });
  await relay.start().catch(async (error: unknown) => {
    await relay.stop();
    throw error;
  });
  log.info({ url: relay.url() }, "ready");
  // Started by start.ts: what is the relay without it? It cannot say so itself when it was killed.
  if (process.connected) process.once("disconnect", close);
} catch (error) {
  console.error(error instanceof RelayError ? `machine-relay cannot start: ${error.message}` : error);
  process.exit(1);
}
