import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeAuthority, makeServer } from "../../../functions/bundled/certificates/certificate.ts";
import { digitalOceanCensus } from "../../../functions/cloud-apis/digital-ocean-census.ts";
import { ownOptions } from "../../../functions/docker-machine/driver-help.ts";
import { Changes } from "../../e2e/cloud/changes.ts";
import { Account } from "../../e2e/cloud/digital-ocean/account.ts";
import { buildApi } from "../../e2e/cloud/digital-ocean/api.ts";
import { startProxy } from "../../e2e/cloud/digital-ocean/proxy.ts";
import { Faults } from "../../e2e/cloud/faults.ts";
import { Journal } from "../../e2e/cloud/journal.ts";
import { helpOf } from "../help.ts";

const machineName = "web-1-k3f9q2ab";
const subject = { organization: "tests", commonName: "api.digitalocean.com" };

async function openAccount() {
  const directory = mkdtempSync(join(tmpdir(), "machine-relay-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const authority = makeAuthority(subject);
  const bundle = join(directory, "authority.pem");
  writeFileSync(bundle, authority.certificate);
  const [account, faults] = [new Account(), new Faults()];
  const { key, certificate: cert } = makeServer(authority, subject, [subject.commonName]);
  const { app, server } = await buildApi({
    ...{ certificate: { key, cert }, credentials: new Set(["a-token"]), account, faults },
    ...{ journal: new Journal(new Changes()), onChange: () => {}, onRestart: () => {} },
  });
  const proxy = await startProxy("127.0.0.1", server);
  interface Options {
    driverConfig?: Record<string, string>;
    environment?: Record<string, string>;
    signal?: AbortSignal;
  }
  const open = (options: Options = {}) => {
    const census = digitalOceanCensus(
      {
        driver: {
          name: "digitalocean",
          options: ownOptions("digitalocean", helpOf("docker-machine", "digitalocean"), null),
        },
        driverConfig: options.driverConfig ?? { accessToken: "a-token" },
        environment: { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: bundle, ...options.environment },
      },
      machineName,
      options.signal ?? new AbortController().signal,
    );
    onTestFinished(() => census.close());
    return census;
  };
  onTestFinished(async () => {
    await app.close();
    await proxy[Symbol.asyncDispose]();
  });
  const addKey = (name: string) =>
    account.addKey(name, `ssh-rsa ${Buffer.from(`${name}${account.keys.size}`).toString("base64")}`);
  const addDroplet = (name: string, size = "s-1vcpu-1gb") =>
    account.addDroplet(
      {
        name,
        region: "nyc3",
        size,
        image: "ubuntu-22-04-x64",
        sshKeys: [],
        tags: [],
        features: [],
        userData: "",
      },
      null,
    );
  return { account, faults, open, addKey, addDroplet };
}

test("finds the droplets of this name and of no other, and destroys them", async () => {
  const { open, addDroplet, account } = await openAccount();
  const [one, other, twin] = [
    addDroplet(machineName),
    addDroplet(`${machineName}-x-k3f9q2ab`),
    addDroplet(machineName),
  ];
  const census = open();
  const found = await census.find();
  expect(found.map(({ id }) => id)).toEqual([String(one.id), String(twin.id)]);
  for (const each of found) await census.destroy(each);
  expect([...account.droplets.keys()]).toEqual([other.id]);
  expect(await census.find()).toEqual([]);
});

test("finds a droplet with a GPU, which DigitalOcean leaves out of its usual list", async () => {
  const { open, addDroplet, account } = await openAccount();
  const droplet = addDroplet(machineName, "gpu-h100x1-80gb");
  const census = open();
  const found = await census.find();
  expect(found.map(({ id }) => id)).toEqual([String(droplet.id)]);
  await census.destroy(found[0]!);
  expect(account.droplets.size).toBe(0);
});

test("takes a droplet that is gone for destroyed", async () => {
  const { open } = await openAccount();
  await open().destroy({ id: "4711", name: "gone" });
});

test("removes this machine's SSH keys, on whichever page they are", async () => {
  const { open, addKey, account } = await openAccount();
  for (let count = 0; count < 205; count += 1) addKey(`other-${count}`);
  addKey(machineName);
  addKey(machineName);
  await open().removeKeys();
  expect(account.keys.size).toBe(205);
  expect([...account.keys.values()].filter(({ name }) => name === machineName)).toEqual([]);
});

test("does not keep a machine only because its token may not look for SSH keys", async () => {
  const { open, faults } = await openAccount();
  const body = JSON.stringify({ id: "Forbidden", message: "You are not authorized to perform this operation" });
  const behaviour = { kind: "answer", status: 403, body } as const;
  faults.order("no scope", { call: "GET /v2/account/keys", behaviour });
  await open().removeKeys();
});

test("takes the token from the variable that docker-machine would take it from", async () => {
  const { open, addDroplet } = await openAccount();
  addDroplet(machineName);
  const census = open({ driverConfig: {}, environment: { DIGITALOCEAN_ACCESS_TOKEN: "a-token" } });
  expect(await census.find()).toHaveLength(1);
});

test.each([
  ["stumbles", { kind: "answer", status: 503, body: "{}" }],
  ["cuts the connection", { kind: "cut" }],
] as const)("asks again when the provider %s", async (_, behaviour) => {
  const { open, addDroplet, faults } = await openAccount();
  addDroplet(machineName);
  faults.order("stumble", { call: "GET /v2/droplets", behaviour }, { times: 2 });
  expect(await open().find()).toHaveLength(1);
});

test.each([
  ["a wrong token", { driverConfig: { accessToken: "wrong" } }, "401 Unable to authenticate you"],
  ["no token", { driverConfig: {} }, "without an accessToken"],
  ["nobody who listens", { environment: { HTTPS_PROXY: "http://127.0.0.1:1" } }, "DigitalOcean could not be asked"],
])("never says that nothing is there with %s", async (_, options, words) => {
  const { open } = await openAccount();
  await expect(open(options).find()).rejects.toThrow(words);
});

test("ends at once with its run, also while it tries to connect", async () => {
  const { open } = await openAccount();
  const stop = new AbortController();
  const census = open({ environment: { HTTPS_PROXY: "http://127.0.0.1:1" }, signal: stop.signal });
  const startedAt = performance.now();
  setTimeout(() => stop.abort(), 100);
  await expect(census.find()).rejects.toThrow("aborted");
  await census.close();
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
