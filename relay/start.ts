// `npm start`: relay and functions as two processes, started together and ended together.
import { randomBytes } from "node:crypto";
import { findAgentUrl } from "./agents/launch.ts";
import { readConfig, urlOf } from "./config.ts";
import { RelayError } from "./errors.ts";
import { findBridgeAddress } from "./launcher/bridge-address.ts";
import { Children } from "./launcher/children.ts";
import { chooseEnvironments, readFunctionsPort } from "./launcher/environments.ts";
import { requireFreePort } from "./launcher/ports.ts";
import { askDrivers, waitUntilReady } from "./launcher/readiness.ts";
import { welcome } from "./launcher/welcome.ts";

const isWatching = process.argv.includes("--watch");

try {
  const config = readConfig(process.env);
  const { host } = config;
  const port = await requireFreePort({ host, port: config.port, variable: "PORT" });
  const functionsPort = await requireFreePort({
    host: "127.0.0.1",
    port: readFunctionsPort(process.env),
    variable: "FUNCTIONS_PORT",
  });
  const secret = config.functionsSecret ?? randomBytes(32).toString("base64url");
  const agentAddress = await findBridgeAddress(config, port);
  const environments = chooseEnvironments(process.env, { port, functionsPort, secret, agentAddress });

  const children = new Children({ isWatching, write: (line) => process.stdout.write(`${line}\n`) });
  process.on("SIGINT", () => children.stop());
  process.on("SIGTERM", () => children.stop());
  // A closed terminal.
  process.on("SIGHUP", () => children.stop());

  const functionsUrl = urlOf("127.0.0.1", functionsPort);
  const relayUrl = urlOf(host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host, port);
  children.start("functions", new URL("../functions/main.ts", import.meta.url).pathname, environments.functions);
  children.start("relay", new URL("main.ts", import.meta.url).pathname, environments.relay);
  const areReady = await waitUntilReady([`${functionsUrl}/readyz`, `${relayUrl}/readyz`], children.stopping);
  if (areReady) {
    const drivers = await askDrivers(functionsUrl, secret);
    const { publicUrl, agentListen } = readConfig(environments.relay);
    const { problem: agentProblem } = findAgentUrl({ publicUrl, agentListen, listen: { host, port } });
    const hasKeys = config.apiKeys.length > 0;
    process.stdout.write(welcome({ url: relayUrl, hasKeys, agentAddress, agentProblem, drivers }));
  }
  process.exitCode = await children.ended;
} catch (error) {
  console.error(error instanceof RelayError ? `machine-relay cannot start: ${error.message}` : error);
  process.exitCode = 1;
}
