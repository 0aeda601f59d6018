import { expect, test } from "vitest";
import { advance, type Progress, stageOf } from "../../functions/docker-machine/stages.ts";

const name = "web-1-k3f9q2ab";
const generic = `Creating CA: /tmp/x/certs/ca.pem
Creating client certificate: /tmp/x/certs/cert.pem
Running pre-create checks...
Creating machine...
(${name}) Importing SSH key...
Waiting for machine to be running, this may take a few minutes...
Detecting operating system of created instance...
Waiting for SSH to be available...
Detecting the provisioner...
Provisioning with debian...
Copying certs to the local machine directory...
Copying certs to the remote machine...
Setting Docker configuration on the remote daemon...
Checking connection to Docker...
Docker is up and running!
To see how to connect your Docker Client to the Docker Engine running on this virtual machine, run: docker-machine env ${name}`.split(
  "\n",
);

test("a whole create goes from the first stage to the last, and never back", () => {
  let progress: Progress = { stage: null, percent: 0 };
  const percents = generic.flatMap((line) => {
    const stage = stageOf(line, name);
    if (stage === null) return [];
    progress = advance(progress, stage);
    return [progress.percent];
  });
  // All but the last line, which is advice.
  expect(percents).toHaveLength(generic.length - 1);
  expect(percents).toEqual(percents.toSorted((one, other) => one - other));
  expect(progress).toEqual({ stage: "engine", percent: 97 });
});

test("a stage that is said again does not take the percentage back", () => {
  const later: Progress = { stage: "provisioning", percent: 65 };
  expect(advance(later, { message: "", stage: "ssh", percent: 50 })).toEqual({ stage: "ssh", percent: 65 });
  expect(advance(later, { message: "", stage: null, percent: null })).toEqual(later);
});

test.each([
  [`(${name}) Creating key pair: ${name}-GOZbS`, "key"],
  [`(${name}) Launching instance...`, "machine"],
  [`(${name}) Created instance ID i-88c6, Public IPv4 address 203.0.113.7, Private IPv4 address 10.0.0.1`, "address"],
  [`(${name}) Creating Digital Ocean droplet...`, "machine"],
  [`(${name}) Waiting for IP address to be assigned to the Droplet...`, "address"],
  [`(${name}) Creating VM...`, "machine"],
])("%s is the stage %s", (line, stage) => {
  expect(stageOf(line, name)?.stage).toBe(stage);
});

test("a driver's own sentence is shown without its prefix, also if nobody knows it", () => {
  expect(stageOf(`(${name}) Warming up the hypervisor`, name)).toEqual({
    message: "Warming up the hypervisor",
    stage: null,
    percent: null,
  });
});

test("a path on this machine is not in the message", () => {
  expect(stageOf("Creating CA: /tmp/x/certs/ca.pem", name)?.message).toBe("Creating CA");
});

test.each([
  `(${name}) Closing plugin on server side`,
  `(${name}) {`,
  `(${name})   FromPort: 22,`,
  `(${name})   IpProtocol: "tcp",`,
  `(${name}) Authorizing group default with permissions: [{`,
  "  ToPort: 22",
  "}]",
  "IpRanges: [{",
  "Successfully removed web-1",
  "Usage: docker-machine create [OPTIONS] [arg...]",
  "Something that docker-machine never said",
  "",
])("%j is no status", (line) => {
  expect(stageOf(line, name)).toBeNull();
});
