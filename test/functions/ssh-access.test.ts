// The way in by SSH, as records of several drivers tell it.
import { expect, test } from "vitest";
import { sshAccessIn } from "../../functions/docker-machine/ssh-access.ts";

const storageDirectory = "/srv/run 1/storage";
const own = "machines/web-1-k3f9q2ab";

function accessOf(fields: Record<string, unknown>, driver = "digitalocean", storedPaths = [`${own}/id_rsa`]) {
  return sshAccessIn({ driver, machineName: "web-1-k3f9q2ab", fields, storageDirectory, storedPaths });
}

test.each<[string, Record<string, unknown>, ReturnType<typeof accessOf>]>([
  [
    "digitalocean writes down all",
    { SSHUser: "root", SSHPort: 22, SSHKeyPath: `${storageDirectory}/${own}/id_rsa` },
    { user: "root", port: 22, keyFile: `${own}/id_rsa` },
  ],
  [
    "a driver that leaves the rest to docker-machine",
    { SSHUser: "ubuntu", SSHPort: 0, SSHKeyPath: "" },
    { user: "ubuntu", port: 22, keyFile: `${own}/id_rsa` },
  ],
  [
    "a key that is on that machine only",
    { SSHUser: "admin", SSHPort: 2222, SSHKeyPath: "/home/me/.ssh/id_rsa" },
    { user: "admin", port: 2222, keyFile: null },
  ],
  [
    "a key that was never written",
    { SSHUser: "admin", SSHPort: 22, SSHKeyPath: `${storageDirectory}/${own}/other` },
    { user: "admin", port: 22, keyFile: null },
  ],
  [
    "a path that only begins like the storage directory",
    { SSHUser: "admin", SSHPort: 22, SSHKeyPath: `${storageDirectory}2/${own}/id_rsa` },
    { user: "admin", port: 22, keyFile: null },
  ],
  ["nobody knows for whom", { SSHUser: "", SSHPort: 0, SSHKeyPath: "" }, null],
  ["a user who would be an option, or a command", { SSHUser: "-oProxyCommand=x", SSHPort: 22 }, null],
  ["a port that is none", { SSHUser: "root", SSHPort: 70_000 }, null],
  ["no record", {}, null],
])("%s", (_, fields, access) => {
  expect(accessOf(fields)).toEqual(access);
});

test("generic without a key takes one of the machine that it runs on", () => {
  const fields = { SSHUser: "root", SSHPort: 22, SSHKeyPath: "" };
  expect(accessOf(fields, "generic", ["certs/ca.pem"])).toEqual({ user: "root", port: 22, keyFile: null });
});

test.each(["none", "simulated"])("behind %s nobody answers", (driver) => {
  expect(accessOf({ SSHUser: "root", SSHPort: 22, SSHKeyPath: "" }, driver)).toBeNull();
});
