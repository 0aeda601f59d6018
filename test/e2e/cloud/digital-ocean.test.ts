// Our DigitalOcean as its clients see it: through the proxy, with its answers, its errors and its limits.
import { readFile } from "node:fs/promises";
import { ProxyAgent, request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeKeyPair } from "../host.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { cloudMissing } from "./cloud-missing.ts";
import { accessToken, type DigitalOcean } from "./digital-ocean/digital-ocean.ts";

const droplet = { name: "web-1", region: "nyc3", size: "s-1vcpu-1gb", image: "ubuntu-22-04-x64" };

/** A droplet that the API refuses to make. */
const refused = (changes: object) => ({
  ...{ method: "POST", path: "/v2/droplets", body: { ...droplet, ...changes } },
  ...{ status: 422, id: "unprocessable_entity" },
});

describe.skipIf(cloudMissing)("our DigitalOcean", () => {
  let cloud: Cloud;
  let api: DigitalOcean;
  let proxy: ProxyAgent;
  beforeAll(async () => {
    cloud = await startCloud();
    api = cloud.digitalOcean;
    const ca = await readFile(api.environment.SSL_CERT_FILE!, "utf8");
    proxy = new ProxyAgent({ uri: api.environment.HTTPS_PROXY!, requestTls: { ca } });
  });
  afterEach(() => api.mend());
  afterAll(async () => {
    await proxy?.close();
    await cloud?.close();
  });

  async function ask(method: string, path: string, body?: unknown, token = accessToken) {
    const answer = await request(`https://api.digitalocean.com${path}`, {
      ...{ method: method as "GET", dispatcher: proxy },
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, body: text === "" ? null : JSON.parse(text) };
  }

  /** A key that nobody has, so that no host needs to be logged into. */
  async function addKey(name: string): Promise<{ id: number; fingerprint: string }> {
    const { publicKey } = await makeKeyPair();
    return (await ask("POST", "/v2/account/keys", { name, public_key: publicKey })).body.ssh_key;
  }

  test.each<{ method: string; path: string; body?: unknown; token?: string; status: number; id: string; says: string }>(
    [
      {
        method: "GET",
        path: "/v2/regions",
        token: "x",
        status: 401,
        id: "unauthorized",
        says: "Unable to authenticate you",
      },
      { method: "GET", path: "/v2/droplets/1", status: 404, id: "not_found", says: "could not be found" },
      { method: "GET", path: "/v2/nothing", status: 404, id: "not_found", says: "could not be found" },
      { ...refused({ image: "ubuntu-16-04-x64" }), says: "You specified an invalid image for Droplet creation." },
      { ...refused({ region: "nyc2" }), says: "You specified an invalid region for Droplet creation." },
      { ...refused({ name: "a b" }), says: "Only valid hostname characters are allowed" },
      { ...refused({ ssh_keys: [1] }), says: "1 are invalid key identifiers for Droplet creation." },
    ],
  )("$method $path is answered $status: $says", async ({ method, path, body, token, status, id, says }) => {
    const answer = await ask(method, path, body, token);
    expect(answer).toMatchObject({ status, body: { id, message: expect.stringContaining(says) } });
  });

  test("a fault that is about one thing meets only calls that name it, in their address or in what they send", async () => {
    api.fail({ fault: "server-error", about: "web-1" });
    expect((await ask("GET", "/v2/droplets?name=web-2")).status).toBe(200);
    expect((await ask("GET", "/v2/droplets?name=web-1")).status).toBe(500);
    expect((await ask("POST", "/v2/account/keys", { name: "web-1", public_key: "" })).status).toBe(500);
  });

  test("a list comes in pages with links to the others", async () => {
    const first = (await ask("GET", "/v2/regions?per_page=3")).body;
    expect(first.regions).toHaveLength(3);
    expect(first.meta).toEqual({ total: 8 });
    expect(first.links.pages.next).toBe("https://api.digitalocean.com/v2/regions?per_page=3&page=2");
    const last = (await ask("GET", new URL(first.links.pages.last).pathname + new URL(first.links.pages.last).search))
      .body;
    expect(last.regions).toHaveLength(2);
    expect(last.links.pages).not.toHaveProperty("next");
  });

  test("each answer tells how many calls are left", async () => {
    const [one, other] = [await ask("GET", "/v2/account"), await ask("GET", "/v2/account")];
    const left = ({ headers }: typeof one) => Number(headers["ratelimit-remaining"]);
    expect(one.headers["ratelimit-limit"]).toBe("5000");
    expect(left(other)).toBe(left(one) - 1);
  });

  test("a key is added once, found by its fingerprint, and deleted once", async () => {
    const { publicKey } = await makeKeyPair();
    const body = { name: "one", public_key: publicKey };
    const { ssh_key: key } = (await ask("POST", "/v2/account/keys", body)).body;
    expect(await ask("POST", "/v2/account/keys", body)).toMatchObject({
      ...{ status: 422, body: { message: "SSH Key is already in use on your account" } },
    });
    expect((await ask("GET", `/v2/account/keys/${key.fingerprint}`)).body.ssh_key).toEqual(key);
    expect((await ask("DELETE", `/v2/account/keys/${key.id}`)).status).toBe(204);
    expect((await ask("DELETE", `/v2/account/keys/${key.id}`)).status).toBe(404);
  });

  test("a droplet is found by its tag, is stopped and started with its host, and is gone with its tag's deletion", async () => {
    const key = await addKey("actions");
    const made = await ask("POST", "/v2/droplets", { ...droplet, ssh_keys: [key.id], tags: ["trial"] });
    expect(made).toMatchObject({ status: 202, body: { droplet: { status: "new", networks: { v4: [] } } } });
    const { id } = made.body.droplet;
    const host = await api.hostOf(String(id));
    expect((await ask("GET", "/v2/droplets?tag_name=trial")).body.droplets).toMatchObject([{ id, status: "active" }]);
    expect((await ask("GET", "/v2/droplets?tag_name=other")).body.droplets).toEqual([]);

    expect((await ask("POST", `/v2/droplets/${id}/actions`, { type: "power_off" })).status).toBe(201);
    expect((await ask("GET", `/v2/droplets/${id}`)).body.droplet.status).toBe("off");
    expect((await ask("POST", `/v2/droplets/${id}/actions`, { type: "power_on" })).status).toBe(201);
    await api.settled();
    expect(await host.run("hostname")).toBe("web-1");

    expect((await ask("DELETE", "/v2/droplets?tag_name=trial")).status).toBe(204);
    expect((await api.now()).droplets).toEqual([]);
    await api.settled();
    await expect(host.run("true")).rejects.toThrow(/No such container|is not running/);
  });

  test("a fault that was ordered for one call meets one call", async () => {
    api.fail({ fault: "server-error", times: 1 });
    expect((await ask("GET", "/v2/account")).status).toBe(500);
    expect((await ask("GET", "/v2/account")).status).toBe(200);
    expect(api.faults()).toEqual([]);
  });

  test("a fault that was ordered without an end goes on until it is stopped", async () => {
    const failing = api.fail({ fault: "rate-limit", call: "GET /v2/sizes" });
    for (let i = 0; i < 3; i++) expect((await ask("GET", "/v2/sizes")).status).toBe(429);
    expect((await ask("GET", "/v2/regions")).status).toBe(200);
    failing.stop();
    expect((await ask("GET", "/v2/sizes")).status).toBe(200);
  });

  test("a held call is done when the fault is stopped, and not before", async () => {
    const key = await addKey("held");
    const failing = api.fail({ fault: "held", call: "DELETE /v2/account/keys/:key" });
    const deleted = ask("DELETE", `/v2/account/keys/${key.id}`);
    await failing.met;
    expect((await api.now()).keys.map(({ id }) => id)).toContain(key.id);
    failing.stop();
    expect((await deleted).status).toBe(204);
  });

  test("an answer that is lost was for work that was done; a call that is cut was not done", async () => {
    const key = await addKey("lost");
    api.fail({ fault: "cut", call: "DELETE /v2/account/keys/:key", times: 1 });
    await expect(ask("DELETE", `/v2/account/keys/${key.id}`)).rejects.toThrow();
    expect((await api.now()).keys.map(({ id }) => id)).toContain(key.id);
    api.fail({ fault: "answer-lost", call: "DELETE /v2/account/keys/:key", times: 1 });
    await expect(ask("DELETE", `/v2/account/keys/${key.id}`)).rejects.toThrow();
    expect((await api.now()).keys.map(({ id }) => id)).not.toContain(key.id);
  });

  test("an unknown fault is refused with the names of all there are", () => {
    expect(() => api.fail({ fault: "rain" as never })).toThrow(/must be one of slow, held, .*rate-limit.*got rain/);
  });

  test("the proxy leads nowhere else", async () => {
    await expect(request("https://example.org/", { dispatcher: proxy })).rejects.toThrow(/403/);
  });
});
