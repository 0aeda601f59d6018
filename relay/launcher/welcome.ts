// What a person reads when everything runs: where it is, what it found, and what to try. Pure.
import type { Driver } from "../../functions/contract.ts";

export interface Found {
  url: string;
  hasKeys: boolean;
  agentAddress: string | null;
  /** Why agents on other hosts cannot reach the relay, if that is so. */
  agentProblem: string | null;
  drivers: readonly Driver[] | null;
}

export function welcome({ url, hasKeys, agentAddress, agentProblem, drivers }: Found): string {
  const key = hasKeys ? ' -H "authorization: Bearer $KEY"' : "";
  const machine = '{"name":"first","driver":"simulated"}';
  return `
machine-relay is ready: ${url} (open it in a browser; the API, to read: ${url}/docs)
${agentAddress === null ? "" : `Agents on hosts of the local Docker engine reach it at http://${agentAddress}.\n`}${agentProblem === null ? "" : `${agentProblem}\n`}
${describeDrivers(drivers)}

Try it with a machine that is not real${hasKeys ? " (KEY is one of API_KEYS)" : ""}:
  curl -s ${url}/v1/machines${key} -H 'content-type: application/json' -d '${machine}'
Watch what happens:
  curl -sN '${url}/v1/subscribe?eventNames=resource.change'${key}
Ctrl-C stops relay and functions.

`;
}

function describeDrivers(drivers: readonly Driver[] | null): string {
  if (drivers === null) return "The functions did not say which drivers they have.";
  const available = drivers.filter(({ unavailable }) => unavailable === null);
  const programs = new Map(available.flatMap(({ program }) => (program ? [[program.path, program] as const] : [])));
  const names = (path: string) => available.filter(({ program }) => program?.path === path).map(({ name }) => name);
  const reasons = new Set(drivers.flatMap(({ unavailable }) => unavailable ?? []));
  return [
    "Drivers:",
    ...[...programs.values()].map(
      ({ name, version, path }) => `  ${names(path).join(", ")}\n    by ${name} ${version}: ${path}`,
    ),
    ...[...reasons].map((reason) => `  ${missing(drivers, reason)}\n    ${reason}`),
  ].join("\n");
}

function missing(drivers: readonly Driver[], reason: string): string {
  const names = drivers.filter(({ unavailable }) => unavailable === reason).map(({ name }) => name);
  return `Not available: ${names.join(", ")}`;
}
