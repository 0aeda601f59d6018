// Which variables each of the two is given. Pure.
import { urlOf } from "../config.ts";
import { type Environment, port, readVariable } from "../config-values.ts";

export interface Choices {
  port: number;
  functionsPort: number;
  secret: string;
  /** `host:port` of the listener for agents on the local engine's hosts; null: none. */
  agentAddress: string | null;
}

/** @throws RelayError `config.invalid` */
export function readFunctionsPort(environment: Environment): number {
  return readVariable(port("FUNCTIONS_PORT", 8081), environment, () => "");
}

/** Of the relay alone: functions run programs, and those see what the functions see. */
const relaySecrets = ["API_KEYS", "API_KEYS_FILE", "SEALING_KEY", "SEALING_KEY_FILE"];

export function chooseEnvironments(
  environment: Environment,
  { port: relayPort, functionsPort, secret, agentAddress }: Choices,
): { relay: Environment; functions: Environment } {
  const shared = without(environment, ["FUNCTIONS_SECRET_FILE"]);
  return {
    relay: {
      ...shared,
      PORT: String(relayPort),
      FUNCTIONS_SECRET: secret,
      // Whoever names other functions means them.
      FUNCTIONS_URL: environment.FUNCTIONS_URL || urlOf("127.0.0.1", functionsPort),
      ...(agentAddress === null ? {} : { AGENT_LISTEN: agentAddress }),
    },
    functions: {
      ...without(shared, relaySecrets),
      // HOST and PORT are the relay's. Events carry credentials, so they stay on this machine.
      HOST: "127.0.0.1",
      PORT: String(functionsPort),
      FUNCTIONS_SECRET: secret,
    },
  };
}

function without(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}
