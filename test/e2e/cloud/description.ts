// What a person needs to know to play with the cloud: the environment for `npm start`, and curl lines. Pure.
import type { Cloud } from "./cloud.ts";
import type { DriverOptions } from "./provider.ts";

export interface Places {
  controlUrl: string;
  /** Where agents in the hosts reach the relay. */
  agentAddress: string;
}

/** Where `npm start` listens by default. */
const relayUrl = "http://127.0.0.1:8080";

export function describeCloud({ ec2, digitalOcean, environment }: Cloud, { controlUrl, agentAddress }: Places): string {
  const variables = { ...environment, AGENT_LISTEN: agentAddress, PUBLIC_URL: `http://${agentAddress}` };
  return `
A cloud on this machine. In another terminal, with docker-machine or rancher-machine on PATH:

${Object.entries(variables)
  .map(([name, value]) => `  export ${name}=${value}`)
  .join("\n")}
  npm start

Make a machine on each:

  ${create("ec2-1", ec2.driver, ec2.driverConfig())}
  ${create("droplet-1", digitalOcean.driver, digitalOcean.driverConfig())}

What exists, and what is to go wrong (a wrong name is answered with all there are):

  curl -s ${controlUrl}/
  ${post(`${controlUrl}/faults`, { cloud: ec2.driver, fault: "vcpu-quota", times: 1 })}
  ${post(`${controlUrl}/faults`, { cloud: digitalOcean.driver, fault: "rate-limit" })}
  curl -s -X DELETE ${controlUrl}/faults

Ctrl-C removes everything, machines too.
`;
}

const create = (name: string, driver: string, driverConfig: DriverOptions) =>
  post(`${relayUrl}/v1/machines`, { name, driver, driverConfig });

const post = (url: string, body: unknown) =>
  `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
