// The lines that people copy: what a real shell makes of them.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import {
  dockerLines,
  fetchLine,
  quote,
  type Reached,
  sshLine,
  unpackLine,
} from "../../../../relay/ui/machine/connect/lines.ts";

const machine: Reached = {
  id: "mch_01",
  name: "web-1",
  machineName: "web-1-k3f9q2ab",
  url: "tcp://203.0.113.7:2376",
  ipAddress: "203.0.113.7",
  ssh: { user: "ubuntu", port: 22, keyFile: "machines/web-1-k3f9q2ab/id_rsa" },
};

/** Each word that the shell sees of a line, with the program's name first. */
function wordsOf(line: string): string[] {
  const spies = ["mkdir", "tar", "curl", "docker", "ssh", "chmod"]
    .map((name) => `${name}() { printf '%s\\n' ${name} "$@"; }`)
    .join("\n");
  return execFileSync("sh", ["-c", `${spies}\n${line}`], { encoding: "utf8", env: { HOME: "/home/me", KEY: "k e y" } })
    .trim()
    .split("\n");
}

test.each(["plain", "", "two words", "it's", '"$HOME"', "`id`", "a;b", "$(id)", "~", "\\", "a\tb", "*"])(
  "a shell takes %j as one word",
  (word) => {
    expect(execFileSync("sh", ["-c", `printf '%s' ${quote(word)}`], { encoding: "utf8" })).toBe(word);
  },
);

test("the archive is unpacked where the other lines look for it", () => {
  const directory = "/home/me/.machine-relay/web-1";
  expect(wordsOf(unpackLine(machine))).toEqual([
    "mkdir",
    "-p",
    directory,
    "tar",
    "xzf",
    "web-1.tar.gz",
    "-C",
    directory,
  ]);
  const words = wordsOf(fetchLine(machine, "http://127.0.0.1:8080", true).replace(" | ", " && "));
  expect(words).toEqual([
    ...["mkdir", "-p", directory],
    ...["curl", "-sf", "http://127.0.0.1:8080/v1/machines/mch_01/archive", "-H", "authorization: Bearer k e y"],
    ...["tar", "xz", "-C", directory],
  ]);
  expect(fetchLine(machine, "http://127.0.0.1:8080", false)).not.toContain("KEY");
});

test("docker is led to the engine and its certificates, whichever way", () => {
  const [shell, context, command] = dockerLines(machine);
  const certificates = "/home/me/.machine-relay/web-1/machines/web-1-k3f9q2ab";
  expect(wordsOf(`${shell?.text}\necho $DOCKER_HOST $DOCKER_TLS_VERIFY "$DOCKER_CERT_PATH"`)).toEqual([
    "docker",
    "ps",
    `tcp://203.0.113.7:2376 1 ${certificates}`,
  ]);
  expect(wordsOf(context?.text ?? "")).toEqual([
    ...["docker", "context", "create", "web-1", "--docker"],
    `host=tcp://203.0.113.7:2376,ca=${certificates}/ca.pem,cert=${certificates}/cert.pem,key=${certificates}/key.pem`,
    ...["docker", "--context", "web-1", "ps"],
  ]);
  expect(wordsOf(command?.text ?? "")).toEqual([
    ...["docker", "-H", "tcp://203.0.113.7:2376", "--tlsverify"],
    `--tlscacert=${certificates}/ca.pem`,
    `--tlscert=${certificates}/cert.pem`,
    `--tlskey=${certificates}/key.pem`,
    "ps",
  ]);
  expect(dockerLines({ ...machine, url: null })).toEqual([]);
});

test("a name that docker finds too short for a context is not used for one", () => {
  expect(dockerLines({ ...machine, name: "a", machineName: "a-k3f9q2ab" })[1]?.text).toContain(
    "context create a-k3f9q2ab ",
  );
});

const key = "/home/me/.machine-relay/web-1/machines/web-1-k3f9q2ab/id_rsa";
test.each<[ssh: Reached["ssh"], words: string[] | null]>([
  [machine.ssh, ["chmod", "600", key, "ssh", "-i", key, "ubuntu@203.0.113.7"]],
  [{ user: "root", port: 2222, keyFile: null }, ["ssh", "-p", "2222", "root@203.0.113.7"]],
  [null, null],
])("ssh with %j", (ssh, words) => {
  const line = sshLine({ ...machine, ssh });
  expect(line === null ? null : wordsOf(line)).toEqual(words);
});

test("without an address there is no line for ssh", () => {
  expect(sshLine({ ...machine, ipAddress: null })).toBeNull();
});
