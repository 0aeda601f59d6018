// Turns a line of docker-machine's into what a person sees while they wait. Pure.

export interface Stage {
  message: string;
  /** Null: the line is worth showing, but says nothing of how far it is. */
  stage: string | null;
  percent: number | null;
}

const lineCharactersMax = 300;

/** In the order in which a create goes through them. */
const stages: readonly [words: RegExp, stage: string, percent: number][] = [
  [/^Creating (CA|client certificate): /, "certificates", 3],
  [/^Running pre-create checks/, "checks", 5],
  [/^Pulling image /, "image", 7],
  [/^Creating machine\.\.\./, "machine", 10],
  [/^(Creating key pair|Creating SSH key|Importing SSH key|Generating SSH key|No SSH key specified)/i, "key", 14],
  [/^Configuring security groups?/i, "network", 17],
  [
    /^(Launching instance|Creating Digital Ocean droplet|Creating (droplet|host|instance|server|VM|virtual machine|container))/i,
    "machine",
    20,
  ],
  [/^Waiting for (spot instance|IP address|an? (ip )?address)/i, "address", 28],
  [/^Created (instance|droplet|VM|virtual machine|container)/i, "address", 35],
  [/^Waiting for machine to be running/, "boot", 40],
  [/^Detecting operating system/, "boot", 45],
  [/^Waiting for SSH to be available/, "ssh", 50],
  [/^Detecting the provisioner/, "ssh", 60],
  [/^Provisioning with /, "provisioning", 65],
  [/^Installing Docker/i, "provisioning", 70],
  [/^Copying certs to the local/, "provisioning", 78],
  [/^Copying certs to the remote/, "provisioning", 82],
  [/^Setting Docker configuration/, "provisioning", 86],
  [/^Checking connection to Docker/, "engine", 93],
  [/^Docker is up and running/, "engine", 97],
];
/** docker-machine's and its plugins' talk with themselves, and what only says how to go on by hand. */
const notStatuses = [
  /^To see how to connect /,
  /^(Closing plugin|Making call to close|Found binary path|Launching plugin|Plugin server listening|\(flag-lookup\))/,
  /^(About to remove|WARNING:|Successfully removed)/,
];

/**
 * What a line of stdout says, or null: it is no status. A driver's own lines begin with the machine's name in brackets.
 */
export function stageOf(line: string, machineName: string): Stage | null {
  const prefix = `(${machineName}) `;
  const isDrivers = line.startsWith(prefix);
  const text = (isDrivers ? line.slice(prefix.length) : line).trimEnd();
  if (!isSentence(text) || notStatuses.some((pattern) => pattern.test(text))) return null;
  // A path on this machine, after the colon, is nobody's business.
  const message = text
    .replace(/^(Creating (?:CA|client certificate)): .*/, "$1")
    .replaceAll(/\s+/g, " ")
    .slice(0, lineCharactersMax);
  const known = stages.find(([words]) => words.test(text));
  if (known !== undefined) return { message, stage: known[1], percent: known[2] };
  // Whatever else docker-machine itself prints (a usage, a dump) tells nobody anything; a driver's words may.
  return isDrivers ? { message, stage: null, percent: null } : null;
}

/** What a create said last of where it was: the line of a stage that we know. Null: it said nothing of the kind. */
export function lastStageLine(stdout: string): string | null {
  const lines = stdout.split("\n").map((line) => line.replace(/^\([^)\s]+\) /, "").trimEnd());
  return lines.findLast((line) => stages.some(([words]) => words.test(line)))?.slice(0, lineCharactersMax) ?? null;
}

/** The fork dumps its structures, two hundred lines at a time, some of them behind the machine's name. */
function isSentence(text: string): boolean {
  if (text.length > 1000 || !/^[A-Z]/.test(text) || !/\s/.test(text)) return false;
  if (/[{}[\]]|<nil>|0x[0-9a-f]{6,}|map\[|&\w+\{/.test(text)) return false;
  return !/^\w+: ("|\d|true|false|nil|<)/.test(text) && !/[,;]$/.test(text);
}

/** How far a create is, from line to line: it never goes back. */
export interface Progress {
  stage: string | null;
  percent: number;
}

export function advance(before: Progress, { stage, percent }: Stage): Progress {
  return { stage: stage ?? before.stage, percent: Math.max(before.percent, percent ?? 0) };
}
