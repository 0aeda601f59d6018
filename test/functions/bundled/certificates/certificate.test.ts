import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeAuthority, makeClient, makeServer } from "../../../../functions/bundled/certificates/certificate.ts";
import { findOnPath } from "../../find-on-path.ts";
import { temporaryDirectory } from "../../work-scene.ts";

const authority = makeAuthority({ organization: "machine-relay", commonName: "authority of web-1" });
const server = makeServer(authority, { organization: "machine-relay", commonName: "web-1" }, [
  ...["127.0.0.1", "172.17.0.2", "2001:db8::7", "::1", "localhost", "web-1", "localhost"],
]);
const client = makeClient(authority, { organization: "machine-relay", commonName: "client" });

test("an authority signs itself, and what it issues", () => {
  const parsed = new X509Certificate(authority.certificate);
  expect(parsed.ca).toBe(true);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  for (const { certificate, key } of [server, client]) {
    const issued = new X509Certificate(certificate);
    expect(issued.ca).toBe(false);
    expect(issued.checkIssued(parsed)).toBe(true);
    expect(issued.verify(parsed.publicKey)).toBe(true);
    expect(issued.checkPrivateKey(createPrivateKey(key))).toBe(true);
  }
  expect(new X509Certificate(server.certificate).checkIssued(new X509Certificate(client.certificate))).toBe(false);
});

test("another authority of the same name is not mistaken for it", () => {
  const other = new X509Certificate(
    makeAuthority({ organization: "machine-relay", commonName: "authority of web-1" }).certificate,
  );
  expect(new X509Certificate(server.certificate).verify(other.publicKey)).toBe(false);
});

test("a server's certificate holds for its names and addresses and no others", () => {
  const parsed = new X509Certificate(server.certificate);
  expect(parsed.subjectAltName).toBe(
    "IP Address:127.0.0.1, IP Address:172.17.0.2, IP Address:2001:DB8:0:0:0:0:0:7, IP Address:0:0:0:0:0:0:0:1, DNS:localhost, DNS:web-1",
  );
  expect(parsed.checkIP("172.17.0.2")).toBe("172.17.0.2");
  expect(parsed.checkIP("172.17.0.3")).toBeUndefined();
  expect(parsed.checkHost("web-1")).toBe("web-1");
  expect(parsed.checkHost("web-2")).toBeUndefined();
});

test("it holds now and for three years", () => {
  const parsed = new X509Certificate(server.certificate);
  expect(parsed.validFromDate.getTime()).toBeLessThan(Date.now());
  const years = (parsed.validToDate.getTime() - Date.now()) / (365 * 24 * 60 * 60 * 1000);
  expect(years).toBeGreaterThan(2.99);
  expect(years).toBeLessThan(3.01);
});

test("a server and a client that have them trust each other, and a client without is refused", async () => {
  const listening = createServer(
    { key: server.key, cert: server.certificate, ca: authority.certificate, requestCert: true },
    (request, response) => response.end(request.socket.remoteAddress),
  ).listen(0, "127.0.0.1");
  onTestFinished(() => void listening.close());
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const ask = async (identity: object) => {
    const request = get({ host: "127.0.0.1", port, ca: authority.certificate, agent: false, ...identity });
    const [response] = await once(request, "response");
    response.resume();
    return response.statusCode;
  };
  expect(await ask({ key: client.key, cert: client.certificate })).toBe(200);
  await expect(ask({})).rejects.toThrow();
});

test.skipIf(findOnPath("openssl") === null)("openssl finds nothing wrong with them, however strict", async () => {
  const directory = await temporaryDirectory();
  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const ca = write("ca.pem", authority.certificate);
  const verify = (purpose: string, file: string) =>
    execFileSync("openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", ca, file], {
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(verify("sslserver", write("server.pem", server.certificate))).toContain("server.pem: OK");
  expect(verify("sslclient", write("client.pem", client.certificate))).toContain("client.pem: OK");
  expect(() => verify("sslserver", join(directory, "client.pem"))).toThrow();
});
