// Makes one readable sentence of what docker-machine and docker print when they fail. Pure.
import type { ProgramResult } from "../work.ts";
import { lastStageLine } from "./stages.ts";

export type ProgramOutput = Pick<ProgramResult, "exitCode" | "signal" | "stdout" | "stderr" | "endedBy" | "startError">;

const messageCharactersMax = 4000;
const lastLinesMax = 5;

/** Where the driver's own words begin; docker-machine writes a capital, the fork does not. */
const beginnings = [
  /^error creating machine: /im,
  /^error with pre-create check: /im,
  /^error setting machine configuration from flags provided: /im,
  /^error running connection boilerplate: /im,
  /^error removing host "[^"\n]*": /im,
];
/** Said before the words that matter, and of no use to whoever reads them. */
const preambles = [
  /^error creating machine: /i,
  /^error in driver during machine creation: /i,
  /^error with pre-create check: /i,
  /^error running connection boilerplate: /i,
  /^error checking and\/or regenerating the certs: /i,
  /^error removing host "[^"\n]*": /i,
];

/** What a provider says, and what it means. */
const meanings: readonly { driver: string; when: RegExp; meaning: string | ((words: string) => string) }[] = [
  { driver: "digitalocean", when: /401.*Unable to authenticate you/is, meaning: "Invalid access token" },
  { driver: "amazonec2", when: /\bmessage=/, meaning: (words) => words.slice(words.indexOf("message=") + 8).trim() },
  { driver: "packet", when: /GET https:\/\/api\.packet\.net\/facilities: 401/, meaning: "Invalid API key" },
  { driver: "packet", when: /POST https:\/\/api\.packet\.net\/projects\/.*404/s, meaning: "Invalid project" },
  { driver: "rackspace", when: /\/v2\.0\/tokens.*401|401.*\/v2\.0\/tokens/s, meaning: "Invalid username or apiKey" },
];

/** The words of a program that failed, for a person; never empty. */
export function describeFailure(driver: string, output: ProgramOutput): string {
  if (output.startError !== null) return `The program could not be started: ${output.startError}`;
  const words = driverWords(output);
  const message = words === null ? describeEnd(output) : withStage(explain(driver, words), output);
  return message.slice(0, messageCharactersMax);
}

/** docker-machine's words when it gave up waiting, with nothing of what for. */
const gaveUp = /^(Error running provisioning: )?Maximum number of retries \(\d+\) exceeded$/;

function withStage(words: string, { stdout }: ProgramOutput): string {
  const line = gaveUp.test(words) ? lastStageLine(stdout) : null;
  return line === null ? words : `${words} (after: ${line})`;
}

/** What the driver itself said; null when docker-machine ended without a word of the kind. Both streams are searched. */
export function driverWords({ stdout, stderr }: Pick<ProgramOutput, "stdout" | "stderr">): string | null {
  for (const stream of [stderr, stdout]) {
    const starts = beginnings.map((pattern) => stream.search(pattern)).filter((index) => index !== -1);
    if (starts.length === 0) continue;
    let words = withoutPluginLines(stream.slice(Math.min(...starts))).trim();
    for (let previous = ""; previous !== words; ) {
      previous = words;
      for (const preamble of preambles) words = words.replace(preamble, "").trim();
      words = unquote(words);
    }
    if (words !== "") return words;
  }
  return null;
}

/** The fork says goodbye to its plugins after the last word; of a crash only the beginning is for people. */
const withoutPluginLines = (text: string): string =>
  text
    .replace(/\n+goroutine \d+ \[.*$/s, "")
    .split("\n")
    .filter((line) => !/^\([^)\s]+\) (Closing plugin on|Making call to close)/.test(line))
    .join("\n");

function explain(driver: string, words: string): string {
  const known = meanings.find((entry) => entry.driver === driver && entry.when.test(words));
  if (known === undefined) return words;
  // What it means first; the driver's own words stay.
  return typeof known.meaning === "string" ? `${known.meaning}: ${words}` : known.meaning(words) || words;
}

/** Go's %q and the fork's brackets around a whole message, as often as they were put there. */
function unquote(words: string): string {
  const bracketed = /^\[(.*)\]$/s.exec(words);
  if (bracketed !== null && !bracketed[1]!.includes("[")) return bracketed[1]!;
  if (!/^"(?:[^"\\]|\\.)*"$/s.test(words)) return words;
  const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r" };
  return words.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}

function describeEnd({ exitCode, signal, stdout, stderr, endedBy }: ProgramOutput): string {
  const end =
    endedBy === "timeout"
      ? "It took too long and was stopped"
      : signal !== null
        ? `It was ended by ${signal}`
        : `It ended with exit code ${exitCode}`;
  // docker-machine answers a wrong flag with its whole usage on stdout; the reason is on stderr.
  const [errors, output] = [lastLines(stderr), /^Usage: /m.test(stdout) ? "" : lastLines(stdout)];
  if (errors !== "" && output !== "") return `${end}\nstderr: ${errors}\nstdout: ${output}`;
  return errors === "" && output === "" ? `${end}, without a word` : `${end}: ${errors || output}`;
}

function lastLines(text: string): string {
  const lines = withoutPluginLines(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.slice(-lastLinesMax).join("\n");
}

/** Refusals after which nothing can have been made: the call that makes the machine was refused, or never sent. */
const refusals: readonly { driver: string; words: RegExp }[] = [
  { driver: "amazonec2", words: /^unable to create key pair: /i },
  { driver: "amazonec2", words: /^error (launching|request spot) instance: .*status code: 4(?!08|29)\d\d/is },
  {
    driver: "digitalocean",
    words: /^POST https:\/\/api\.digitalocean\.com\/v2\/(account\/keys|droplets): 4(?!08|29)\d\d\b/,
  },
];
/** Two creates at once both make what all machines of a driver share, and one of them is told that it is there already. */
const collisions: readonly { driver: string; words: RegExp }[] = [
  { driver: "amazonec2", words: /^Invalid(Group|Permission)\.Duplicate: /i },
];
const preCreateCheckExitCode = 3;
const neverBegan = [
  /^error with pre-create check: /im,
  /^error setting machine configuration from flags provided: /im,
  /^flag provided but not defined: /m,
  /^Driver "[^"]*" not found\./m,
  /^Docker machine "[^"]*" already exists/m,
  /Invalid hostname specified/,
];

/** Did it fail for no other reason than another create at the same time? Nothing but a key pair was made by then. */
export function hasCollided(driver: string, output: ProgramOutput): boolean {
  const words = output.exitCode === 0 ? null : driverWords(output);
  return words !== null && isListed(collisions, driver, words);
}

const isListed = (list: readonly { driver: string; words: RegExp }[], driver: string, words: string): boolean =>
  list.some((entry) => entry.driver === driver && entry.words.test(words));

/** Does this failure of `create` prove that nothing was made at the provider? */
export function provesNothingMade(driver: string, output: ProgramOutput): boolean {
  if (output.startError !== null) return true;
  if (output.endedBy !== null || output.signal !== null) return false;
  if (output.exitCode === preCreateCheckExitCode) return true;
  if (neverBegan.some((pattern) => pattern.test(output.stderr))) return true;
  const words = driverWords(output);
  return words !== null && isListed([...refusals, ...collisions], driver, words);
}

/** Their SDK asks again by itself when an answer was lost: what was refused the second time may have been made the first. */
const driversThatAskAgain: ReadonlySet<string> = new Set(["amazonec2"]);

/** Was the call that makes the machine refused, and may it have been made twice all the same? */
export function mayHideAnother(driver: string, output: ProgramOutput): boolean {
  return driversThatAskAgain.has(driver) && isListed(refusals, driver, driverWords(output) ?? "");
}

/** Our own drivers say plainly when the answer to a call was lost. */
const lostAnswers: Readonly<Record<string, RegExp>> = {
  container: /\bEOF\b|connection reset|broken pipe|No Docker engine answers/,
  simulated: /\bEOF\b/,
};

/**
 * May the provider still be at work on what this failed `create` asked for, though the driver has ended by itself? Its
 * answer may have been lost, as far as anybody can know.
 */
export function mayBeInFlight(driver: string, output: ProgramOutput): boolean {
  return !Object.hasOwn(lostAnswers, driver) || lostAnswers[driver]!.test(output.stderr);
}

/** A provider that says, on `rm`, that there is no such machine. Other drivers take that for a success themselves. */
const alreadyGone: readonly { driver: string; words: RegExp }[] = [
  { driver: "amazonec2", words: /InvalidInstanceID\.NotFound/ },
  { driver: "exoscale", words: /\b404\b|Unable to find .*uuid/i },
  { driver: "softlayer", words: /SoftLayer_Exception_ObjectNotFound/ },
  { driver: "vmwarevsphere", words: /vm '[^']*' not found/ },
];

export function saysAlreadyGone(driver: string, output: ProgramOutput): boolean {
  return isListed(alreadyGone, driver, output.stderr);
}
