// Which values of an event must never be seen by a person. Pure.
import { type AgentLaunch, type Event, isSecretOption, listEngineSecrets, type OptionValue } from "../contract.ts";

/** What looks like a token: long, and of the characters that tokens are written in. */
const tokens = /[A-Za-z0-9_-]{24,}/g;
/** The agent's variables may hold a token whatever their names; short ones (`1`, `true`, `debug`) do not. */
const agentValueCharactersMin = 12;

export function listEventSecrets({ data: { machine, agent } }: Event): string[] {
  const options = Object.entries(machine.driverConfig).flatMap(([name, value]) =>
    isSecretOption(name, value) ? listTexts(value) : [],
  );
  const engine = listEngineSecrets(machine.engine).map(([, value]) => value);
  return [...options, ...engine, ...(agent === undefined ? [] : listAgentSecrets(agent))];
}

function listTexts(value: OptionValue): string[] {
  if (Array.isArray(value)) return value;
  return [typeof value === "object" ? value.content : String(value)];
}

function listAgentSecrets({ environment, command }: AgentLaunch): string[] {
  const whole = Object.entries(environment)
    .filter(([name, value]) => isSecretOption(name) || value.length >= agentValueCharactersMin)
    .map(([, value]) => value);
  const parts = [...Object.values(environment), ...command].flatMap((text) => text.match(tokens) ?? []);
  return [...whole, ...parts];
}
