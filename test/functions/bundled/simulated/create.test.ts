// The simulated docker-machine's create: its words and files, and each way to fail that can be ordered.
import { existsSync, readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type StageName, stageNames } from "../../../../functions/bundled/simulated/orders.ts";
import { simulatedMachine, until, usePlace } from "./place.ts";

const place = usePlace();

test("a create says docker-machine's own words and leaves docker-machine's own files", async () => {
  const { exitCode, stdout, stderr } = await place.create("web-1");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const [vm] = place.vms();
  expect(stdout.trimEnd().split("\n")).toEqual([
    `Creating CA: ${place.storage}/certs/ca.pem`,
    `Creating client certificate: ${place.storage}/certs/cert.pem`,
    "Running pre-create checks...",
    "Creating machine...",
    "(web-1) Creating SSH key...",
    "(web-1) Creating VM...",
    "(web-1) Waiting for an address...",
    `(web-1) Created VM ${vm!.id}, address ${vm!.address}`,
    "Waiting for machine to be running, this may take a few minutes...",
    "Detecting operating system of created instance...",
    "Waiting for SSH to be available...",
    "Detecting the provisioner...",
    "Provisioning with simulated...",
    "Copying certs to the local machine directory...",
    "Copying certs to the remote machine...",
    "Setting Docker configuration on the remote daemon...",
    "Checking connection to Docker...",
    "Docker is up and running!",
    "To see how to connect your Docker Client to the Docker Engine running on this virtual machine, run: docker-machine env web-1",
  ]);
  expect(readdirSync(join(place.storage, "certs")).sort()).toEqual(["ca-key.pem", "ca.pem", "cert.pem", "key.pem"]);
  const machine = join(place.storage, "machines", "web-1");
  const files = [
    "ca.pem",
    "cert.pem",
    "config.json",
    "id_rsa",
    "id_rsa.pub",
    "key.pem",
    "server-key.pem",
    "server.pem",
  ];
  expect(readdirSync(machine).sort()).toEqual(files);
  expect(statSync(join(machine, "config.json")).mode & 0o777).toBe(0o600);
  expect(statSync(join(machine, "id_rsa")).mode & 0o777).toBe(0o600);
  expect(place.record("web-1")).toMatchObject({
    ConfigVersion: 3,
    DriverName: "simulated",
    Name: "web-1",
    Driver: { VMId: vm!.id, IPAddress: vm!.address, MachineName: "web-1", StorePath: place.storage },
  });
  expect(vm).toMatchObject({ name: "web-1", machineName: "web-1" });
  expect(vm!.address).toMatch(/^198\.1[89]\.\d+\.\d+$/);
});

test("the record is there before the VM, without its id", async () => {
  const create = place.start(simulatedMachine, ["create", "--simulated-hang-at", "creating", "web-1"]);
  await create.said("Creating VM...");
  expect(place.record("web-1").Driver.VMId).toBe("");
  expect(place.vms()).toEqual([]);
});

test("the record is replaced as docker-machine replaces it: removed, then renamed into place", async () => {
  await place.create("other");
  const words = ["create", "--simulated-duration-ms", "600", "--simulated-hang-at", "running", "web-1"];
  const create = place.start(simulatedMachine, words);
  await create.said("Creating machine...");
  const seen: string[] = [];
  const watcher = watch(join(place.storage, "machines", "web-1"), (_, name) => seen.push(name ?? ""));
  await create.said("Waiting for machine to be running");
  await until(() => seen.filter((name) => name === "config.json").length >= 2);
  watcher.close();
  const steps = seen.filter((name, index) => name.startsWith("config.json") && name !== seen[index - 1]);
  expect(steps.map((name) => name.replace(/\d+$/, "*"))).toEqual([
    "config.json.tmp*",
    "config.json",
    "config.json.tmp*",
    "config.json",
  ]);
  expect(place.record("web-1").Driver.VMId).toBe(place.vms().find(({ name }) => name === "web-1")!.id);
});

const before: readonly StageName[] = ["certificates", "pre-create", "creating"];
const prefixes: Record<StageName, string> = {
  certificates: "Error generating certificates: ",
  "pre-create": "Error with pre-create check: ",
  creating: "Error creating machine: Error in driver during machine creation: ",
  starting: "Error creating machine: Error in driver during machine creation: ",
  running: "Error creating machine: Error waiting for machine to be running: ",
  detecting: "Error creating machine: Error detecting OS: ",
  ssh: "Error creating machine: Error detecting OS: ",
  provisioner: "Error creating machine: Error detecting OS: ",
  provisioning: "Error creating machine: Error running provisioning: ",
  "local-certificates": "Error creating machine: Error running provisioning: ",
  "remote-certificates": "Error creating machine: Error running provisioning: ",
  configuring: "Error creating machine: Error running provisioning: ",
  checking: "Error creating machine: Error checking the host: ",
};

test.each(stageNames)("a create that fails at %s says so as docker-machine does", async (stage) => {
  const words = ["--simulated-fail-at", stage, "--simulated-fail-message", "No room left."];
  const { exitCode, stdout, stderr } = await place.create("web-1", ...words);
  const message = stage === "pre-create" ? '"No room left."' : "No room left.";
  expect(stderr).toBe(`${prefixes[stage]}${message}\n`);
  expect(exitCode).toBe(stage === "pre-create" ? 3 : 1);
  expect(stdout).not.toContain("Docker is up and running!");
  // Nothing before the call to the cloud makes a VM; everything after it leaves one.
  expect(place.vms()).toHaveLength(before.includes(stage) ? 0 : 1);
  const hasRecord = existsSync(join(place.storage, "machines", "web-1", "config.json"));
  expect(hasRecord).toBe(!["certificates", "pre-create"].includes(stage));
  if (!hasRecord) return;
  expect(place.record("web-1").Driver.VMId).toBe(
    before.includes(stage) || stage === "starting" ? "" : place.vms()[0]!.id,
  );
});

test("a create that hangs goes no further, and SIGTERM ends it at once", async () => {
  const words = ["create", "--simulated-duration-ms", "0", "--simulated-hang-at", "provisioning", "web-1"];
  const create = place.start(simulatedMachine, words);
  await create.said("Provisioning with simulated...");
  create.child.kill("SIGTERM");
  const { signal, stdout } = await create.outcome;
  expect(signal).toBe("SIGTERM");
  expect(stdout.endsWith("Provisioning with simulated...\n")).toBe(true);
});

test("a create that dies leaves a VM whose id nobody recorded", async () => {
  const { signal, stderr } = await place.create("web-1", "--simulated-die-at", "starting");
  expect({ signal, stderr }).toEqual({ signal: "SIGKILL", stderr: "" });
  expect(place.record("web-1").Driver.VMId).toBe("");
  expect(place.vms()).toMatchObject([{ machineName: "web-1" }]);
});

test("a create that loses the cloud's answer fails, and the VM is there", async () => {
  const { exitCode, stderr } = await place.create("web-1", "--simulated-lose-answer");
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    'Error creating machine: Error in driver during machine creation: Post "https://simulated.invalid/v2/vms": EOF\n',
  );
  expect(place.record("web-1").Driver.VMId).toBe("");
  expect(place.vms()).toMatchObject([{ machineName: "web-1" }]);
});

test("a create that is killed in mid-create leaves what it had made", async () => {
  const create = place.start(simulatedMachine, ["create", "--simulated-hang-at", "ssh", "web-1"]);
  await create.said("Waiting for SSH to be available...");
  create.child.kill("SIGKILL");
  expect((await create.outcome).signal).toBe("SIGKILL");
  expect(place.record("web-1").Driver.VMId).toBe(place.vms()[0]!.id);
});

test("a late VM appears although the create was killed before", async () => {
  const words = ["create", "--simulated-duration-ms", "0", "--simulated-late-vm-ms", "1500", "web-1"];
  const create = place.start(simulatedMachine, words, { hasOwnGroup: true });
  await create.said("Waiting for an address...");
  expect(place.vms()).toEqual([]);
  // The whole group, as the functions end it.
  process.kill(-create.child.pid!, "SIGKILL");
  await create.outcome;
  expect(place.vms()).toEqual([]);
  await until(() => place.vms().length > 0);
  expect(place.vms()).toMatchObject([{ machineName: "web-1" }]);
  const { stdout } = await place.machine(["census", "web-1"]);
  expect(JSON.parse(stdout)).toEqual({ id: place.vms()[0]!.id, name: "web-1", machineName: "web-1" });
});

test("a create that is left alone waits for its late VM", async () => {
  const { exitCode } = await place.create("web-1", "--simulated-late-vm-ms", "100");
  expect(exitCode).toBe(0);
  expect(place.record("web-1").Driver.VMId).toBe(place.vms()[0]!.id);
});

test("noise comes between the lines", async () => {
  const words = ["--simulated-duration-ms", "300", "--simulated-lines-per-second", "200"];
  const { exitCode, stdout } = await place.create("web-1", ...words);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("(web-1) Line 20 of the noise that was ordered\n");
  expect(stdout).toContain("Docker is up and running!\n");
});

test("the secret comes from the environment, and the wrong one is refused before anything is made", async () => {
  const environment = { SIMULATED_ACCESS_TOKEN: "wrong" };
  const { exitCode, stderr } = await place.machine(["create", "web-1"], { environment });
  expect(exitCode).toBe(3);
  expect(stderr).toBe(
    'Error with pre-create check: "GET https://simulated.invalid/v2/account: 401 Unable to authenticate you."\n',
  );
  expect(place.vms()).toEqual([]);
});

test.each([
  ["--simulated-fail-at", "nowhere", "one of certificates, pre-create,"],
  ["--simulated-remove", "maybe", "one of ok, fail, lie, fail-once, gone-is-error, got"],
  ["--simulated-duration-ms", "-1", "a whole number from 0 to 999999999, got -1"],
])("%s %s is refused in the words of a driver", async (flag, value, expected) => {
  const { exitCode, stderr } = await place.create("web-1", flag, value);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `Error setting machine configuration from flags provided: simulated driver: ${flag} must be`,
  );
  expect(stderr).toContain(expected);
});

test.each([
  ["not set", undefined, "SIMULATED_CLOUD_DIR is not set"],
  ["not there", "/nowhere/at/all", 'SIMULATED_CLOUD_DIR must name a directory that exists, got \\"/nowhere/at/all\\"'],
  ["not to be written", "/proc", 'SIMULATED_CLOUD_DIR must name a directory that can be written, got \\"/proc\\"'],
])("a cloud directory that is %s is told before anything is made", async (_, directory, words) => {
  const { exitCode, stderr } = await place.machine(["create", "--simulated-duration-ms", "0", "web-1"], {
    environment: { SIMULATED_CLOUD_DIR: directory },
  });
  expect(exitCode).toBe(3);
  expect(stderr).toContain(words);
  expect(existsSync(join(place.storage, "machines", "web-1"))).toBe(false);
});

test("many creates at once make as many VMs, each with an address of its own", async () => {
  const names = Array.from({ length: 6 }, (_, index) => `web-${index}`);
  // Each with a storage directory of its own, as in the functions: docker-machine's is not for many at once.
  const outcomes = await Promise.all(
    names.map((name) =>
      place.machine(["-s", join(place.storage, name), "create", "--simulated-duration-ms", "0", name]),
    ),
  );
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
  expect(
    place
      .vms()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(names);
  expect(new Set(place.vms().map(({ address }) => address)).size).toBe(names.length);
});
