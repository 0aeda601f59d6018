// Relay and functions as two processes of their own that talk over HTTP, with ports and directories of their own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bridgeAddress } from "./engine.ts";
import { killProcesses } from "./processes.ts";
import { findFreePorts, Program } from "./program.ts";
import { RelayClient } from "./relay-client.ts";

export interface Installation {
  relay: Program;
  functions: Program;
  client: RelayClient;
  /** The functions' WORK_DIR. */
  workDirectory: string;
  /** Stops both and removes their files. */
  remove(): Promise<void>;
}

/**
 * @param dockerMachine the path of the program under test
 * @param environment what differs from the defaults, for both
 */
export async function startInstallation(
  dockerMachine: string,
  environment: Record<string, string> = {},
): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  const [relayPort, functionsPort, agentPort] = await findFreePorts(3);
  const workDirectory = join(directory, "work");
  const secret = { FUNCTIONS_SECRET: "only-for-the-end-to-end-tests" };
  const functions = new Program("functions/main.ts", {
    url: `http://127.0.0.1:${functionsPort}`,
    logPath: join(directory, "functions.log"),
    environment: {
      ...secret,
      PORT: String(functionsPort),
      WORK_DIR: workDirectory,
      SIMULATED_CLOUD_DIR: join(directory, "cloud"),
      DOCKER_MACHINE: dockerMachine,
      ...environment,
    },
  });
  const relay = new Program("relay/main.ts", {
    url: `http://127.0.0.1:${relayPort}`,
    logPath: join(directory, "relay.log"),
    environment: {
      ...secret,
      PORT: String(relayPort),
      DATA_DIR: join(directory, "data"),
      FUNCTIONS_URL: functions.url,
      // The agents are in containers of containers; the bridge of the outer engine is what they can reach.
      AGENT_LISTEN: `${bridgeAddress}:${agentPort}`,
      PUBLIC_URL: `http://${bridgeAddress}:${agentPort}`,
      ...environment,
    },
  });
  const remove = async () => {
    await Promise.all([relay.kill(), functions.kill()]);
    killProcesses(directory);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await Promise.all([functions.start(), relay.start()]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { relay, functions, client: new RelayClient(relay.url), workDirectory, remove };
}
