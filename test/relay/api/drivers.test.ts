// /v1/drivers: what must be given, and what would be run.
import { expect, test } from "vitest";
import type { DriverView } from "../../../relay/api/driver-view.ts";
import { type RunningRelay, startRelay } from "./running-relay.ts";

const preview = (relay: RunningRelay, driver: string, payload?: object) =>
  relay.inject({ method: "POST", url: `/v1/drivers/${driver}/command`, ...(payload ? { payload } : {}) });

test.each([
  // Its variable is known to some functions, who say whether it is set, and to others, who do not.
  ["generic", ["ipAddress"]],
  ["rackspace", []],
  ["none", ["url"]],
  ["simulated", []],
])("of %s these options must be given: %o", async (name, required) => {
  await using relay = await startRelay();
  const { options = [] } = (await relay.inject({ url: `/v1/drivers/${name}` })).body as DriverView;
  expect(options.filter(({ isRequired }) => isRequired).map((option) => option.name)).toEqual(required);
  expect(options.every(({ isRequired }) => typeof isRequired === "boolean")).toBe(true);
});

test("the functions are asked for the command without a secret, under the names of the driver's help", async () => {
  await using relay = await startRelay();
  const driverConfig = {
    "digitalocean-access-token": "s3cret",
    region: "ams3",
    tags: ["a", "b"],
    "ssh-key-path": { content: "s3cret" },
  };
  const engine = { environment: { HTTP_PROXY: "http://me:s3cret@proxy", NO_PROXY: "x" } };
  const { status, body } = await preview(relay, "digitalocean", { name: "web-1", driverConfig, engine });
  expect([status, body]).toEqual([
    200,
    { command: ["docker-machine", "create", "web-1-xxxxxxxx"], environment: [], files: [] },
  ]);
  expect(relay.previews).toEqual([
    {
      driver: "digitalocean",
      machineName: "web-1-xxxxxxxx",
      driverConfig: {
        accessToken: "********",
        region: "ams3",
        tags: ["a", "b"],
        sshKeyPath: { content: "********" },
      },
      engine: { environment: { HTTP_PROXY: "********", NO_PROXY: "x" } },
    },
  ]);
});

test("any secret may be the mask, nothing need be there yet, and nothing is kept", async () => {
  await using relay = await startRelay();
  for (const sshKeyPath of ["********", { content: "********" }]) {
    const driverConfig = { accessToken: "********", sshKeyPath };
    expect((await preview(relay, "digitalocean", { driverConfig })).status).toBe(200);
  }
  // It needs a URL, and need not have it.
  expect((await preview(relay, "none", {})).status).toBe(200);
  expect((await preview(relay, "none")).status).toBe(200);
  expect(relay.previews.map(({ driverConfig, machineName }) => [machineName, driverConfig])).toEqual([
    ["name-xxxxxxxx", { accessToken: "********", sshKeyPath: { content: "********" } }],
    ["name-xxxxxxxx", { accessToken: "********", sshKeyPath: { content: "********" } }],
    ["name-xxxxxxxx", {}],
    ["name-xxxxxxxx", {}],
  ]);
  expect((await relay.inject({ url: "/v1/machines" })).body.data).toEqual([]);
});

test("what is wrong is refused as it would be in a wish for a machine", async () => {
  await using relay = await startRelay();
  const wishes: [driver: string, wish: object][] = [
    ["digitalocean", { driverConfig: { regoin: "ams3" } }],
    ["digitalocean", { driverConfig: { sshKeyPath: "/root/.ssh/id_rsa" } }],
    ["digitalocean", { driverConfig: { ipv6: "yes" } }],
    ["digitalocean", { driverConfig: { region: "a", "digitalocean-region": "b" } }],
    ["digitalocaen", {}],
    ["exoscale", {}],
    ["digitalocean", { name: "bad name!" }],
    ["digitalocean", { driverConfig: { accessToken: null } }],
    ["digitalocean", { drivrConfig: {} }],
  ];
  for (const [driver, wish] of wishes) {
    const payload = { name: "web-1", driver, ...wish };
    const { body: refused } = await relay.inject({ method: "POST", url: "/v1/machines", payload });
    const { body } = await preview(relay, driver, wish);
    const { code, field, status } = refused;
    expect(body).toMatchObject({ code, field, status });
    expect([400, 422]).toContain(body.status);
  }
  expect(relay.previews).toEqual([]);
  const large = await preview(relay, "digitalocean", { driverConfig: { region: "x".repeat(1024 * 1024) } });
  expect(large.body).toMatchObject({ status: 413, code: "request.tooLarge" });
});

test("functions that cannot be reached cannot tell", async () => {
  await using relay = await startRelay();
  relay.loseFunctions();
  expect((await preview(relay, "simulated", {})).body).toMatchObject({ status: 502, code: "functions.unreachable" });
});
