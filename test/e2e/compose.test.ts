// The compose file as its users start it: images built, secrets made, one simulated machine to active and away.
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { docker, dockerEnvironment, findProgram } from "./engine.ts";
import { findFreePorts } from "./program.ts";
import { isActiveWithAgent, isDeleted, RelayClient, untilReady } from "./relay-client.ts";

const root = new URL("../..", import.meta.url).pathname;
const project = "machine-relay-e2e";
const readyMsMax = 60_000;

const engineMissing = inject("engineMissing");
const command = engineMissing ? null : await findCompose();
if (!engineMissing && !command)
  console.error("\n!!! NOT RUN: the compose file, because there is no docker compose here.\n");

describe.skipIf(!command)("docker compose", () => {
  let client: RelayClient;
  let port: number;

  beforeAll(async () => {
    [port = 0] = await findFreePorts(1);
    await compose("up", "--detach", "--build");
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url, readyMsMax);
    client = new RelayClient(url, await readKey());
  });
  afterAll(async () => {
    await compose("down", "--volumes", "--timeout", "10");
    expect(await docker(["ps", "--all", "--quiet", "--filter", `label=com.docker.compose.project=${project}`])).toBe(
      "",
    );
    expect(await docker(["volume", "ls", "--quiet", "--filter", `label=com.docker.compose.project=${project}`])).toBe(
      "",
    );
  });

  test("a simulated machine becomes active, its agent reports in, and it goes away again", async () => {
    const { id } = await client.create({ name: "web-1", driver: "simulated" });
    await client.until(id, isActiveWithAgent);
    expect(await inside("functions", "find /cloud/vms -maxdepth 1 -name '*.json' | wc -l")).toBe("1");
    await client.ask("DELETE", `/v1/machines/${id}`);
    await client.until(id, isDeleted);
    expect(await inside("functions", "find /cloud/vms -maxdepth 1 -name '*.json' | wc -l")).toBe("0");
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
    expect(await publishedPorts("relay")).toEqual({ "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] });
    expect(await publishedPorts("functions")).toEqual({ "8081/tcp": null });
  });

  test("neither runs as root, and the functions see no secret but their own", async () => {
    expect(await inside("relay", "id -un")).toBe("node");
    expect(await inside("functions", "id -un")).toBe("node");
    expect(await inside("functions", "find /secrets -type f -printf '%p %u %m\n'")).toBe(
      "/secrets/functions/functions-secret node 600",
    );
    expect(await inside("relay", "find /secrets -type f -printf '%f %u %m\n' | sort")).toBe(
      "api-key node 600\nfunctions-secret node 600\nsealing-key node 600",
    );
  });

  test("secrets and machines are the same after a stop and another start", async () => {
    const before = { key: await readKey(), machines: await client.list() };
    await compose("down", "--timeout", "10");
    await compose("up", "--detach");
    await untilReady(client.url, readyMsMax);
    expect({ key: await readKey(), machines: await client.list() }).toEqual(before);
  });

  async function compose(...words: string[]): Promise<string> {
    const environment = { ...dockerEnvironment, PORT: String(port), COMPOSE_PROJECT_NAME: project };
    const [program, ...first] = command!;
    const { stdout } = await execa(program!, [...first, ...words], { cwd: root, env: environment });
    return stdout;
  }

  function inside(service: string, script: string): Promise<string> {
    return compose("exec", "-T", service, "sh", "-c", script);
  }

  /** As the compose file says that a person reads it. */
  function readKey(): Promise<string> {
    return compose("exec", "-T", "relay", "cat", "/secrets/relay/api-key");
  }

  async function publishedPorts(service: string): Promise<unknown> {
    const id = await compose("ps", "--quiet", service);
    return JSON.parse(await docker(["inspect", "--format", "{{json .NetworkSettings.Ports}}", id]));
  }
});

/** Version 2 is a part of docker; Debian 12 has version 1, a program of its own. */
async function findCompose(): Promise<string[] | null> {
  const { exitCode } = await execa("docker", ["compose", "version"], { reject: false });
  if (exitCode === 0) return ["docker", "compose"];
  const path = findProgram("docker-compose");
  return path ? [path] : null;
}
