// npm run get-docker-machine against a server of ours: what is right arrives, and nothing else is ever in its place.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { download } from "../../functions/get-docker-machine/download.ts";
import { createProgress } from "../../functions/get-docker-machine/progress.ts";
import { chooseRelease } from "../../functions/get-docker-machine/releases.ts";
import { temporaryDirectory } from "./work-scene.ts";

const program = `#!/bin/sh\necho "docker-machine version 0.16.2, build bd45ab13"\n${"# long\n".repeat(20_000)}`;
const sha256 = createHash("sha256").update(program).digest("hex");
const main = new URL("../../functions/get-docker-machine/main.ts", import.meta.url).pathname;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/docker-machine`;
}

const whole: RequestListener = (_, response) =>
  response.writeHead(200, { "content-length": Buffer.byteLength(program) }).end(program);

/** As `npm run get-docker-machine` runs it. */
async function fetchTo(path: string, variables: Record<string, string>) {
  const env = { PATH: process.env.PATH!, MACHINE_PATH: path, ...variables };
  return execa(process.execPath, [main], { env, extendEnv: false, reject: false, all: true });
}

async function place(): Promise<string> {
  return join(await temporaryDirectory(), ".bin", "docker-machine");
}

test("the right file arrives, can be run, and is not fetched twice", async () => {
  let asked = 0;
  const url = await serve((request, response) => {
    asked += 1;
    whole(request, response);
  });
  const path = await place();
  const first = await fetchTo(path, { MACHINE_URL: url, MACHINE_SHA256: sha256.toUpperCase() });
  expect(first.exitCode, first.all).toBe(0);
  expect(first.stdout).toContain("100 % of 0.1 MB");
  expect(first.stdout).toContain(`${path}: docker-machine version 0.16.2, build bd45ab13`);
  expect(readFileSync(path, "utf8")).toBe(program);
  expect(statSync(path).mode & 0o777).toBe(0o755);
  const second = await fetchTo(path, { MACHINE_URL: url, MACHINE_SHA256: sha256 });
  expect(second.stdout).toBe(`${path} is there already, with the right sum.`);
  expect(asked).toBe(1);
});

test("it follows a redirection, as releases are behind one", async () => {
  const url = await serve((request, response) => {
    if (request.url === "/there") whole(request, response);
    else response.writeHead(302, { location: "/there" }).end();
  });
  const path = await place();
  expect((await fetchTo(path, { MACHINE_URL: url, MACHINE_SHA256: sha256 })).exitCode).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(program);
});

describe("an older file stays, and nothing half is left, when", () => {
  test.each<[string, RequestListener, RegExp]>([
    ["the sum is another one", (_, response) => response.end("#!/bin/sh\nrm -rf /\n"), /SHA-256 \w{64}, expected/],
    [
      "it breaks off",
      (_, response) => {
        response.writeHead(200, { "content-length": Buffer.byteLength(program) });
        response.write(program.slice(0, 1000), () => response.destroy());
      },
      /broke off after \d+ of 140063 bytes: other side closed/,
    ],
    ["there is none", (_, response) => response.writeHead(404).end(), /was answered with status 404/],
    ["it leads in circles", (_, response) => response.writeHead(302, { location: "/" }).end(), /status 302|redirect/i],
  ])("%s", async (_, listener, words) => {
    const path = await place();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "older");
    const { exitCode, stderr } = await fetchTo(path, { MACHINE_URL: await serve(listener), MACHINE_SHA256: sha256 });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(words)]);
    expect(readFileSync(path, "utf8")).toBe("older");
    expect(readdirSync(dirname(path))).toEqual(["docker-machine"]);
  });

  test("the server falls silent", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("x");
    });
    const path = await place();
    const fetched = download({ url, sha256 }, path, { onProgress: () => {}, silentMs: 200 });
    await expect(fetched).rejects.toThrow(/broke off after 1 of 1000 bytes: .*timeout/i);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test("nobody is there", async () => {
    const fetched = await fetchTo(await place(), { MACHINE_URL: "http://127.0.0.1:1/x", MACHINE_SHA256: sha256 });
    expect(fetched.stderr).toMatch(/could not be fetched: .*ECONNREFUSED.*\. A proxy goes in HTTPS_PROXY/);
  });
});

test("a place that cannot be written to is said in one line", async () => {
  const path = join(await place(), "docker-machine");
  mkdirSync(dirname(dirname(path)), { recursive: true });
  writeFileSync(dirname(path), "a file");
  const { exitCode, stderr } = await fetchTo(path, { MACHINE_URL: await serve(whole), MACHINE_SHA256: sha256 });
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^ENOTDIR: [^\n]*$/)]);
});

test("two at once do not get into each other's file", async () => {
  const waiting: (() => void)[] = [];
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-length": Buffer.byteLength(program) });
    response.write(program.slice(0, 1000));
    waiting.push(() => response.end(program.slice(1000)));
  });
  const path = await place();
  const fetchOne = async () => {
    const begun = Promise.withResolvers<void>();
    const fetched = download({ url, sha256 }, path, { onProgress: () => begun.resolve() });
    await begun.promise;
    return { fetched };
  };
  const first = await fetchOne();
  const second = await fetchOne();
  waiting[0]!();
  await first.fetched;
  expect(readFileSync(path, "utf8") === program).toBe(true);
  waiting[1]!();
  await second.fetched;
  expect(readFileSync(path, "utf8") === program).toBe(true);
  expect(readdirSync(dirname(path))).toEqual(["docker-machine"]);
});

describe("which one", () => {
  const choose = (variables: Record<string, string>, system = "linux x64") => chooseRelease(variables, system);

  test("is the official one where its sum is public, and none where it was asked for none", () => {
    expect(choose({})).toMatchObject({ url: expect.stringMatching(/v0\.16\.2\/docker-machine-Linux-x86_64$/) });
    expect(choose({ MACHINE_URL: "" })).toBeNull();
    expect(choose({ MACHINE_URL: "https://x/y", MACHINE_SHA256: sha256 }, "linux arm64")).toEqual({
      url: "https://x/y",
      sha256,
    });
  });

  test.each([
    [{}, "linux arm64", /no docker-machine for linux arm64.*releases\/tag\/v0\.16\.2.*MACHINE_URL and MACHINE_SHA256/],
    [{ MACHINE_URL: "https://x/y" }, "linux x64", /MACHINE_SHA256 must be .*64 hexadecimal digits, got nothing/],
    [{ MACHINE_URL: "https://x/y", MACHINE_SHA256: "abc" }, "linux x64", /got "abc"/],
    [{ MACHINE_URL: "ftp://x/y", MACHINE_SHA256: sha256 }, "linux x64", /MACHINE_URL must be an http\(s\) address/],
    [{ MACHINE_SHA256: sha256 }, "linux x64", /MACHINE_URL, which is not given/],
  ])("%o on %s is refused in words", (variables, system, words) => {
    expect(() => choose(variables as Record<string, string>, system)).toThrow(words);
  });
});

test("progress is one line on a terminal, and a line for each tenth elsewhere", () => {
  const texts = { terminal: "", file: "" };
  const terminal = createProgress({ isTTY: true, write: (text) => (texts.terminal += text) });
  const file = createProgress({ write: (text) => (texts.file += text) });
  const total = 20 * 1024 * 1024;
  for (let percent = 0; percent <= 100; percent += 1) {
    const bytes = (total * percent) / 100;
    terminal.show(bytes, total);
    file.show(bytes, total);
  }
  terminal.end();
  file.end();
  expect(texts.terminal).toMatch(/^\r0\.0 of 20\.0 MB \(0 %\)\r[^\n]*\r20\.0 of 20\.0 MB \(100 %\)\n$/);
  expect(texts.file.split("\n")).toHaveLength(12);
});
