// The functions with the driver `container` and an engine that is a directory: what they offer, mark, and leave.
import { expect, test } from "vitest";
import { buildBootstrap } from "../../functions/bootstrap.ts";
import { buildCreate } from "../../functions/create.ts";
import { buildDelete } from "../../functions/delete.ts";
import { catalogueOf } from "../../functions/docker-machine/drivers.ts";
import { findTools, type Tools } from "../../functions/docker-machine/tools.ts";
import { makePlace, type Place } from "./bundled/container/place.ts";
import { launch, machineOf, runWork } from "./work-scene.ts";

const toolsFor = (place: Place): Tools =>
  findTools({
    ...{ dockerMachine: null, docker: null, simulatedCloudDirectory: null, settleMs: 20 },
    environment: place.environment,
  });

const machine = machineOf({ driver: "container" });

test("the driver is real, and available where an engine answers", async () => {
  const place = await makePlace();
  const driver = await catalogueOf(toolsFor(place)).find("container");
  expect(driver).toMatchObject({ isSimulated: false, unavailable: null, program: { name: "container" } });
  expect(driver?.options.map(({ name, type }) => `${name} ${type}`)).toEqual([
    ...["cpus text", "dockerHost text", "image text", "memory text", "network text"],
    ...["privileged text", "publish text", "volume list"],
  ]);
  expect(driver?.options.filter(({ isSecret, isFile }) => isSecret || isFile)).toEqual([]);
});

test("without an engine it is not available, and says how to get one", async () => {
  const place = await makePlace();
  place.end();
  const tools = toolsFor(place);
  const why = expect.stringContaining("No Docker engine answers at unix:///var/run/docker.sock. Start it, or choose");
  expect(await catalogueOf(tools).find("container")).toMatchObject({ unavailable: why });
  expect((await catalogueOf(tools).list()).find(({ name }) => name === "container")).toMatchObject({
    unavailable: why,
  });
});

test("a machine is made, marked with its id, and deleted with its volume", async () => {
  const place = await makePlace();
  const tools = toolsFor(place);
  const created = await runWork(buildCreate(tools), tools, { machine });
  expect(created.result).toMatchObject({
    transitioning: "no",
    machine: { ipAddress: "127.0.0.1", engineVersion: "28.5.2", ssh: null },
  });
  expect(created.result.machine.providerId).toBe(place.file("web-1-k3f9q2ab", "id").trim());
  expect(place.file("web-1-k3f9q2ab", "labels")).toContain("machine-relay.machine-id=mch_01\n");
  const archive = created.result.machine.archive as string;
  const deleted = await runWork(buildDelete(tools), tools, { machine: { ...machine, archive } });
  expect(deleted.result.transitioning).toBe("no");
  expect(place.left()).toEqual([]);
});

test.each([
  ["before there is a container", "create", 'refuse "network nosuch not found"', "network nosuch not found"],
  [
    "when its engine does not come up",
    "after-cp",
    'echo 1 >"$container/exit"; echo "no space" >"$container/log"; end_engine',
    "ended with exit code 1. The last it said:\nno space",
  ],
])("a create that fails %s leaves nothing, and waits for no cloud", async (_, command, script, words) => {
  const place = await makePlace();
  place.order(command, script);
  const tools = toolsFor(place);
  const { result, progress } = await runWork(buildCreate(tools), tools, { machine });
  expect(result).toMatchObject({ transitioning: "error", machine: { archive: null } });
  expect(result.message).toContain(`${words} (what was made has been removed)`);
  expect(progress.map(({ stage }) => stage)).not.toContain("settling");
  expect(place.left()).toEqual([]);
});

test("without a record the census looks where the machine's options say", async () => {
  const place = await makePlace();
  place.order("info", 'echo "$DOCKER_HOST" >>"$engine/asked"');
  const tools = toolsFor(place);
  // What makes no sense any more must not lead elsewhere.
  const driverConfig = { dockerHost: "unix:///other.sock", bogus: "x" };
  const elsewhere = { ...machine, driverConfig, unsettledMs: 0 };
  const { result } = await runWork(buildDelete(tools), tools, { machine: elsewhere });
  expect(result).toMatchObject({ transitioning: "no" });
  expect(new Set(place.file("../asked").trim().split("\n"))).toEqual(new Set(["unix:///other.sock"]));
});

test("an engine that is away keeps a machine from being deleted, however often that is tried", async () => {
  const place = await makePlace();
  const tools = toolsFor(place);
  const created = await runWork(buildCreate(tools), tools, { machine });
  const archive = created.result.machine.archive as string;
  place.end();
  const refused = await runWork(buildDelete(tools), tools, { machine: { ...machine, archive } });
  expect(refused.result.transitioning).toBe("error");
  expect(refused.result.message).toContain("No Docker engine answers at");
  place.revive();
  const deleted = await runWork(buildDelete(tools), tools, { machine: { ...machine, archive } });
  expect(deleted.result.transitioning).toBe("no");
  expect(place.left()).toEqual([]);
});

/** The machine's own engine: it has no image until one is loaded or pulled, and no container until one is run. */
const innerEngine = `while true; do case "$1" in -*) shift ;; *) break ;; esac; done
echo "$1" >>"$engine/inner-calls"
case "$1 \${2-} \${3-}" in
"inspect --type image") [ -e "$engine/loaded" ] || refuse "No such image" ;;
"inspect --type container") [ -e "$engine/runs" ] && echo '[{"State":{"Running":true}}]' || refuse "No such container" ;;
run*) touch "$engine/runs" ;;
load*) cat >"$engine/loaded" ;;
esac
exit 0`;

test.each([
  ["from the engine that runs the machine", "", ["load"]],
  ["from its registry where that has none to give", 'refuse "no space left on device"', ["load", "pull"]],
])("bootstrap gets the agent's image %s", async (_, save, expected) => {
  const place = await makePlace();
  const tools = toolsFor(place);
  const created = await runWork(buildCreate(tools), tools, { machine });
  const archive = created.result.machine.archive as string;
  place.order("--tlsverify", innerEngine);
  place.order("save", save);
  const { result } = await runWork(buildBootstrap(tools), tools, { machine: { ...machine, archive }, agent: launch });
  expect(result).toMatchObject({ transitioning: "no" });
  const calls = place.file("../inner-calls").trim().split("\n");
  expect(calls.filter((call) => call === "load" || call === "pull")).toEqual(expected);
});
