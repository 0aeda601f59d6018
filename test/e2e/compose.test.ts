// The compose file as its users start it: images built, secrets made, simulated machines to active and away.
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Composed, composeUp, findCompose } from "./compose.ts";
import { docker } from "./engine.ts";
import { isActiveWithAgent, isDeleted, RelayClient, untilReady } from "./relay-client.ts";

const engineMissing = inject("engineMissing");
const command = engineMissing ? null : await findCompose();
if (!engineMissing && !command)
  console.error("\n!!! NOT RUN: the compose file, because there is no docker compose here.\n");

const services = ["relay", "create", "bootstrap", "delete"];
const readyMsMax = 60_000;

describe.skipIf(!command)("docker compose", () => {
  let composed: Composed;
  let client: RelayClient;
  beforeAll(async () => {
    composed = await composeUp(command!, { project: "machine-relay-e2e" });
    ({ client } = composed);
  });
  afterAll(() => composed?.[Symbol.asyncDispose]());

  test("a simulated machine becomes active, its agent reports in, and it goes away again", async () => {
    const { id } = await client.create({ name: "web-1", driver: "simulated" });
    await client.until(id, isActiveWithAgent);
    const countMachines = () => composed.inside("create", "find /cloud/vms -maxdepth 1 -name '*.json' | wc -l");
    expect(await countMachines()).toBe("1");
    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
    expect(await countMachines()).toBe("0");
  });

  test("each container serves its own function alone", async () => {
    const handlers = await client.json<{ data: { name: string; url: string }[] }>("GET", "/v1/handlers");
    expect(Object.fromEntries(handlers.data.map(({ name, url }) => [name, url]))).toEqual({
      create: "http://create:8081/create",
      bootstrap: "http://bootstrap:8081/bootstrap",
      delete: "http://delete:8081/delete",
    });
    const script = `fetch("http://127.0.0.1:8081/delete", { method: "POST", headers: { authorization: "Bearer " + require("fs").readFileSync(process.env.FUNCTIONS_SECRET_FILE, "utf8").trim() } }).then(({ status }) => console.log(status))`;
    expect(await composed.inside("create", `node -e '${script}'`)).toBe("404");
  });

  test("the page is in the image, and its script with it", async () => {
    const text = await (await fetch(client.url)).text();
    const [, script = ""] = /<script type="module"[^>]* src="([^"]+)"/.exec(text) ?? [];
    expect((await fetch(client.url + script)).headers.get("content-type")).toMatch(/javascript/);
  });

  test("nobody gets in without the key that the first start made", async () => {
    await expect(new RelayClient(client.url).list()).rejects.toThrow("401");
    await expect(new RelayClient(client.url, "a-key-that-nobody-made").list()).rejects.toThrow("401");
  });

  test("only the relay is published, and on loopback only", async () => {
    const publishedPorts = async (service: string) => {
      const [id] = await composed.containersOf(service);
      const ports = JSON.parse(await docker(["inspect", "--format", "{{json .NetworkSettings.Ports}}", id!]));
      return Object.entries(ports as Record<string, { HostIp: string }[] | null>)
        .filter(([, published]) => published !== null)
        .map(([port, published]) => [port, ...new Set(published!.map(({ HostIp }) => HostIp))]);
    };
    expect(await publishedPorts("relay")).toEqual([
      ["8080/tcp", "127.0.0.1"],
      ["8082/tcp", "127.0.0.1"],
    ]);
    for (const service of ["create", "bootstrap", "delete"]) expect(await publishedPorts(service)).toEqual([]);
  });

  test.each(services)(
    "%s is nobody in particular, may do nothing in particular, and writes nowhere",
    async (service) => {
      expect(await composed.inside(service, "id -un")).toBe("node");
      expect(await composed.inside(service, "grep CapEff /proc/self/status")).toMatch(/\t0{16}$/);
      const touch = (path: string) => composed.inside(service, `touch ${path} && echo yes`).catch(() => "no");
      expect([await touch("/app/x"), await touch("/usr/local/bin/x"), await touch("/tmp/x")]).toEqual([
        "no",
        "no",
        "yes",
      ]);
    },
  );

  test("each sees its own secrets and no more, and none is in an image or in a container's settings", async () => {
    const files = (service: string) => composed.inside(service, "find /secrets -type f -printf '%f %u %m\n' | sort");
    for (const service of ["create", "bootstrap", "delete"])
      expect(await files(service)).toBe("functions-secret node 600");
    expect(await files("relay")).toBe("api-key node 600\nfunctions-secret node 600\nsealing-key node 600");
    const secrets = (await composed.inside("relay", "cat /secrets/*/*")).split("\n").filter((line) => line !== "");
    expect(secrets).toHaveLength(3);
    const containers = (await Promise.all(services.map(composed.containersOf))).flat();
    const settings = await docker(["inspect", ...containers]);
    const history = await Promise.all(
      ["relay", "functions"].map((name) =>
        docker(["history", "--no-trunc", "--format", "{{.CreatedBy}}", `machine-relay/${name}`]),
      ),
    );
    for (const secret of secrets) expect([settings, ...history].join("\n")).not.toContain(secret);
  });

  test("what ends is told to, ends by itself in time, and loses nothing", async () => {
    const before = { key: await composed.readKey(), machines: await client.list() };
    const containers = (await Promise.all(services.map(composed.containersOf))).flat();
    expect(containers).toHaveLength(4);
    await composed.compose("stop");
    const codes = await docker(["inspect", "--format", "{{.State.ExitCode}}", ...containers]);
    expect(codes.split("\n")).toEqual(["0", "0", "0", "0"]);
    await composed.compose("down");
    await composed.compose("up", "--detach");
    await untilReady(client.url, readyMsMax);
    expect({ key: await composed.readKey(), machines: await client.list() }).toEqual(before);
  });
});
