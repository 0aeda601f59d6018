// What docker-machine and its fork really print when EC2 or DigitalOcean fails: what becomes of it for a person, and what
// create and delete conclude from it.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  describeFailure,
  type ProgramOutput,
  provesNothingMade,
  saysAlreadyGone,
} from "../../../functions/docker-machine/driver-errors.ts";
import { meaningOf } from "../../../relay/api/error-meanings.ts";
import type { RetryHelps } from "../../../relay/api/meaning.ts";

const directory = new URL("../../fixtures/provider-errors/", import.meta.url);

interface Expected {
  /** Of the message: the provider's own words, which must not be lost. */
  words: RegExp;
  means: RegExp;
  retry: RetryHelps;
  /** Nothing that is billed can have been made. */
  nothingMade: boolean;
}

const entry = (words: RegExp, means: RegExp, retry: RetryHelps, nothingMade = false): Expected => ({
  ...{ words, means, retry, nothingMade },
});
const sure = true;

const expected: Record<string, Expected> = {
  "amazonec2-blocked": entry(/account is currently blocked/, /holds the account back/, "no", sure),
  "amazonec2-clock-wrong": entry(/RequestExpired/, /clock .* is wrong/, "changed", sure),
  "amazonec2-cut": entry(/send request failed.*EOF/s, /or the way to it, failed/, "later"),
  "amazonec2-docker-port-closed": entry(/:2376: connect: connection refused/, /port 2376/, "changed"),
  "amazonec2-host-dies": entry(/Maximum number of retries/, /gone again, or off/, "yes"),
  "amazonec2-host-never-answers": entry(/Waiting for SSH to be available/, /log in to it over SSH/, "changed"),
  "amazonec2-image-gone": entry(/InvalidAMIID\.NotFound.*ami-/, /no image of this name/, "changed", sure),
  "amazonec2-install-fails": entry(/error installing docker/i, /Docker could not be installed/, "changed"),
  "amazonec2-install-unreachable": entry(/Maximum number of retries/, /Docker could not be installed/, "changed"),
  "amazonec2-instance-quota": entry(/InstanceLimitExceeded/, /limit of the account/, "changed", sure),
  "amazonec2-key-exists": entry(/InvalidKeyPair\.Duplicate/, /of this name is there already/, "changed", sure),
  "amazonec2-no-capacity": entry(/InsufficientInstanceCapacity/, /no room for this size/, "later"),
  "amazonec2-no-default-vpc": entry(/default vpc-id|find a subnet/, /in which network/, "changed", sure),
  "amazonec2-no-permission": entry(/not authorized to perform: ec2:RunInstances/, /may not do this/, "changed", sure),
  "amazonec2-no-subnet": entry(/find a subnet/, /in which network/, "changed", sure),
  "amazonec2-no-vpc": entry(/VPCIdNotSpecified/, /in which network/, "changed", sure),
  "amazonec2-rate-limit": entry(/RequestLimitExceeded/, /asked too often/, "later"),
  "amazonec2-rm-server-error": entry(/InternalError/, /or the way to it, failed/, "later"),
  "amazonec2-rm-wrong-credentials": entry(/AuthFailure/, /does not accept these credentials/, "changed"),
  "amazonec2-server-error": entry(/InternalError/, /or the way to it, failed/, "later"),
  "amazonec2-ssh-refused": entry(/retries waiting for SSH/, /log in to it over SSH/, "changed"),
  "amazonec2-terms-not-accepted": entry(/OptInRequired.*aws\.amazon\.com/, /terms accepted/, "changed", sure),
  "amazonec2-type-not-offered": entry(/t2\.micro.*not supported/, /no such size there/, "changed", sure),
  "amazonec2-unavailable": entry(/Unavailable/, /or the way to it, failed/, "later"),
  "amazonec2-vcpu-quota": entry(/VcpuLimitExceeded/, /limit of the account/, "changed", sure),
  "amazonec2-wrong-access-key": entry(/AuthFailure/, /does not accept these credentials/, "changed", sure),
  "amazonec2-wrong-credentials": entry(/AuthFailure/, /does not accept these credentials/, "changed", sure),
  "digitalocean-answer-lost": entry(/droplets": EOF/, /or the way to it, failed/, "later"),
  // The old program loses the status: `invalid character '<'`.
  "digitalocean-bad-gateway": entry(/502|invalid character '<'/, /or the way to it, failed/, "later", sure),
  "digitalocean-cut": entry(/droplets": EOF/, /or the way to it, failed/, "later"),
  "digitalocean-docker-port-closed": entry(/:2376: connect: connection refused/, /port 2376/, "changed"),
  "digitalocean-droplet-quota": entry(/exceed your droplet limit/, /limit of the account/, "changed", sure),
  "digitalocean-host-dies": entry(/droplets\/\d+: 404/, /gone again, or off/, "yes"),
  "digitalocean-host-never-answers": entry(/Waiting for SSH to be available/, /log in to it over SSH/, "changed"),
  "digitalocean-image-gone": entry(/invalid image/, /no image of this name/, "changed", sure),
  "digitalocean-install-fails": entry(/error installing docker/i, /Docker could not be installed/, "changed"),
  "digitalocean-install-unreachable": entry(/Maximum number of retries/, /Docker could not be installed/, "changed"),
  "digitalocean-key-exists": entry(/SSH Key is already in use/, /of this name is there already/, "changed", sure),
  "digitalocean-no-capacity": entry(/not available in this region/, /no such size there/, "changed", sure),
  "digitalocean-no-permission": entry(/403.*not authorized/, /may not do this/, "changed", sure),
  "digitalocean-rate-limit": entry(/429.*Rate limit/, /asked too often/, "later", sure),
  "digitalocean-region-unknown": entry(/valid region/, /no such region/, "changed", sure),
  "digitalocean-rm-server-error": entry(/500.*Unexpected/, /or the way to it, failed/, "later"),
  "digitalocean-rm-wrong-credentials": entry(/401.*Unable to authenticate/, /does not accept/, "changed"),
  "digitalocean-server-error": entry(/500.*Unexpected/, /or the way to it, failed/, "later", sure),
  "digitalocean-size-unknown": entry(/invalid size/, /no such size there/, "changed", sure),
  "digitalocean-ssh-refused": entry(/retries waiting for SSH/, /log in to it over SSH/, "changed"),
  "digitalocean-unavailable": entry(/503/, /or the way to it, failed/, "later", sure),
  "digitalocean-wrong-token": entry(/401.*Unable to authenticate/, /does not accept/, "changed", sure),
};

const driverOf = (name: string): string => name.slice(0, name.indexOf("-"));

function readOutput(program: string, name: string): ProgramOutput {
  const text = readFileSync(new URL(`${program}/${name}.txt`, directory), "utf8");
  const [, exit, stdout, stderr] = /^exit (\w+)\n== stdout\n(.*)\n== stderr\n(.*)\n$/s.exec(text)!;
  // Those that would have tried for ever were ended, as a deadline does it.
  const isEnded = exit === "none";
  const end = { exitCode: isEnded ? null : Number(exit), endedBy: isEnded ? ("timeout" as const) : null };
  return { ...end, signal: null, startError: null, stdout: stdout!, stderr: stderr! };
}

describe.each(["docker-machine", "rancher-machine"])("%s", (program) => {
  const names = readdirSync(new URL(program, directory)).map((file) => file.replace(/\.txt$/, ""));
  const failed = names.filter((name) => !name.endsWith("-rm-gone"));

  test("has shown every fault of the table, and no other", () => {
    expect(failed).toEqual(Object.keys(expected).sort());
  });

  test.each(failed)("%s", (name) => {
    const { words, means, retry, nothingMade } = expected[name]!;
    const output = readOutput(program, name);
    const message = describeFailure(driverOf(name), output);
    expect(message).toMatch(words);
    // One reason, and not the program's whole talk.
    expect(message.length).toBeLessThan(1_500);
    const meaning = meaningOf({ code: output.endedBy === "timeout" ? "driver.timeout" : "driver.failed", message });
    expect(meaning?.means).toMatch(means);
    expect(meaning?.retry).toBe(retry);
    expect(provesNothingMade(driverOf(name), output)).toBe(nothingMade);
    expect(saysAlreadyGone(driverOf(name), output)).toBe(false);
  });

  test.each(names.filter((name) => name.endsWith("-rm-gone")))("%s is a success in its own words", (name) => {
    expect(readOutput(program, name)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Successfully removed web-1"),
    });
  });
});
