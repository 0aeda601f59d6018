import { expect, test } from "vitest";
import { containerArguments } from "../../../../functions/bundled/container/container.ts";
import { driverFlags } from "../../../../functions/bundled/container/create-flags.ts";
import { optionFields, readOptions } from "../../../../functions/bundled/container/options.ts";
import { commonFlags } from "../../../../functions/bundled/machine/create-flags.ts";
import { parseFlags } from "../../../../functions/bundled/machine/flags.ts";
import { type MachineRecord, newRecord } from "../../../../functions/bundled/machine/record.ts";

function recordOf(...words: string[]): MachineRecord {
  const line = parseFlags(words, [...commonFlags("container"), ...driverFlags], {});
  return newRecord("container", "web-1", "/store", line, optionFields(line));
}

const optionsOf = (...words: string[]) => readOptions(recordOf(...words).Driver);

function argumentsOf(...words: string[]): string[] {
  const record = recordOf(...words);
  return containerArguments(record, readOptions(record.Driver), { isPrivileged: true, published: null });
}

test.each([
  ["memory", "much", "a size such as 2g"],
  ["cpus", "-1", "a number such as 1.5"],
  ["cpus", "many", "a number such as 1.5"],
  ["publish", "0.0.0.0", "auto, no, or an IP address at which the machine can be reached"],
  ["publish", "::", "auto, no, or an IP address at which the machine can be reached"],
  ["publish", "here", "auto, no, or an IP address at which the machine can be reached"],
  ["privileged", "maybe", "auto, yes, no"],
  ["network", "host", "a network that gives it an address"],
  ["network", "container:x", "a network that gives it an address"],
  ["volume", "/data", "source:/target"],
  ["volume", "--privileged:/x", "source:/target"],
  ["volume", "/data:/var/lib/docker", "another target: there the machine has a volume of its own"],
  ["image", "--rm", "the name of an image"],
])("--container-%s=%s is refused", (option, value, expected) => {
  expect(() => optionsOf(`--container-${option}=${value}`)).toThrow(
    `container driver: --container-${option} must be ${expected}, got ${JSON.stringify(value)}`,
  );
});

test.each([
  ["memory", "2g"],
  ["memory", "512m"],
  ["cpus", "1.5"],
  ["publish", "no"],
  ["publish", "192.0.2.7"],
  ["publish", "2001:db8::7"],
  ["network", "machine-relay_default"],
  ["volume", "/data:/data:ro"],
  ["volume", "cache:/var/cache"],
])("--container-%s=%s is taken", (option, value) => {
  const known = Object.values(optionsOf(`--container-${option}=${value}`)).flat();
  expect(known).toContain(value);
});

test("what is given for the engine reaches dockerd, and what is given for the container does not", () => {
  const words = argumentsOf(
    ...["--engine-opt", "debug=true", "--engine-opt", "--ipv6", "--engine-label", "rack=7"],
    ...["--engine-insecure-registry", "10.0.0.0/8", "--engine-registry-mirror", "https://mirror.example"],
    ...["--engine-storage-driver", "overlay2", "--engine-env", "HTTP_PROXY=http://proxy:3128"],
    ...["--container-memory", "2g", "--container-cpus", "1.5", "--container-network", "back"],
    ...["--container-volume", "/data:/data", "--container-volume", "cache:/cache"],
  );
  const image = words.indexOf("docker:28-dind");
  const [ours, theirs] = [words.slice(0, image).join(" "), words.slice(image + 4).join(" ")];
  expect(ours).toContain("--volume /data:/data --volume cache:/cache --network back --memory 2g --cpus 1.5");
  expect(ours).toContain("--env HTTP_PROXY=http://proxy:3128 --entrypoint sh");
  expect(theirs).toBe(
    "--host unix:///var/run/docker.sock --host tcp://0.0.0.0:2376 --tlsverify --tlscacert /etc/machine-relay/ca.pem --tlscert /etc/machine-relay/server.pem --tlskey /etc/machine-relay/server-key.pem --label provider=container --label rack=7 --insecure-registry 10.0.0.0/8 --registry-mirror https://mirror.example --storage-driver overlay2 --debug=true --ipv6",
  );
});

test("a name that is too long for a host name is none", () => {
  const record = recordOf();
  const withName = (name: string) =>
    containerArguments({ ...record, Name: name }, readOptions(record.Driver), { isPrivileged: true, published: null });
  expect(withName("a".repeat(63))).toContain("--hostname");
  expect(withName("a".repeat(64))).not.toContain("--hostname");
});

test("an address of version 6 is published in brackets", () => {
  const record = recordOf();
  const way = { isPrivileged: false, published: { address: "2001:db8::7", port: 20_001 } };
  expect(containerArguments(record, readOptions(record.Driver), way)).toContain("[2001:db8::7]:20001:2376");
});
