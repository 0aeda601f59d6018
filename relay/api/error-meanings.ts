// What an error of a machine or of a process means, what to do, and whether trying again helps. Pure. The words of
// whoever said it stand beside it, whole: this only explains them, where we know.

import type { Failure } from "../store/types.ts";

/** `later`: as it is, after a while · `changed`: once something is changed · `no`: not by itself. */
export type RetryHelps = "yes" | "later" | "changed" | "no";

export interface Meaning {
  means: string;
  todo: string;
  retry: RetryHelps;
}

/** Null: we do not know more than its words say. */
export function meaningOf({ code, message }: Failure): Meaning | null {
  if (holdsForeignWords(code)) {
    const known = words.find(([pattern]) => pattern.test(message));
    if (known) return { means: known[1], todo: known[2], retry: known[3] };
  }
  const entry = entryOf(code) ?? families.find(([prefix]) => code.startsWith(prefix))?.[1];
  return entry ? { means: entry[0], todo: entry[1], retry: entry[2] } : null;
}

/** What of a failed create is left at the provider, as its words say. */
export function remainsOf({ message }: Pick<Failure, "message">): "nothing" | "something" | null {
  if (/\(what was made could not be removed: |could not be removed: /.test(message)) return "something";
  return /\(what was made has been removed\)/.test(message) ? "nothing" : null;
}

type Entry = readonly [means: string, todo: string, retry: RetryHelps];

/** Under these codes a driver, an engine or somebody's handler speaks; under all others the relay itself. */
const foreignCodes = /^(driver\.(failed|timeout)|agent\.(failed|timeout)|outcome\.unknown|handler\.error)$/;
const holdsForeignWords = (code: string): boolean => foreignCodes.test(code) || !(entryOf(code) || isOfFamily(code));
// A handler may call its errors `constructor`.
const entryOf = (code: string): Entry | undefined => (Object.hasOwn(codes, code) ? codes[code] : undefined);
const isOfFamily = (code: string): boolean => families.some(([prefix]) => code.startsWith(prefix));

const credentials = "Change the token or key in the options, then try again.";
const network = "Look whether the address is right and reachable from where the functions run, then try again.";

/** The first that fits counts, so what is more exact stands before what is less. */
const words: readonly (readonly [RegExp, ...Entry])[] = [
  // Our own driver `container`, before what its words may quote.
  [
    /No Docker engine answers at|There is no docker client here/,
    "There is no Docker engine to run the machine on, where the functions run.",
    "Start it there, then try again.",
    "changed",
  ],
  [
    /This user may not speak to the Docker engine/,
    "The functions have no right to use the Docker engine there.",
    "Give it to the user that they run as, start them again, then try again.",
    "changed",
  ],
  [
    /The Docker engine at .* is not the one that has this machine/,
    "The functions were led to another Docker engine since this machine was made.",
    "Lead them back to it, then try again; by force only where that engine is gone for good.",
    "changed",
  ],
  [
    /The engine does not have the image .*, and could not pull it/,
    "The Docker engine has no such image, and could not get it.",
    "Look whether its name is right and its registry can be reached; load it by hand, or choose another one.",
    "changed",
  ],
  [
    /has no dockerd in it: it cannot be a Docker host/,
    "An image without a Docker engine inside cannot be a machine.",
    "Choose docker:28-dind, or another image with dockerd, in the options, then try again.",
    "changed",
  ],
  [
    /The engine inside the machine (does not come up|has not come up|runs, but cannot be reached)/,
    "The container was made, but the Docker engine in it is of no use.",
    "Read its last words; other options of the engine, of the network or of --privileged may help.",
    "changed",
  ],
  [
    /rate.?limit|too many requests|\b429\b|RequestLimitExceeded|Throttling/i,
    "The provider was asked too often in a short time.",
    "Wait a few minutes, then try again.",
    "later",
  ],
  [
    /quota|limit.?exceeded|exceed\w* (your|the|its)\b.*\b(limit|quota)|(droplet|instance|server|vcpu|account) limit|limit (has been )?reached/i,
    "A limit of the account at the provider is reached.",
    "Delete what is no longer needed there, or have the limit raised; a smaller size or another region may fit as well.",
    "changed",
  ],
  [
    /Insufficient\w*Capacity|insufficient capacity|(no|not enough|lacks?|out of) (available )?(capacity|resources)|ZONE_RESOURCE_POOL_EXHAUSTED|SkuNotAvailable|resource_unavailable|sold.?out|out of stock|currently unavailable/i,
    "The provider has no room for this size there now.",
    "Try again later, or choose another size, zone or region.",
    "later",
  ],
  [
    /payment|billing|account.*(suspended|disabled|locked)/i,
    "The provider holds the account back, as a rule because of its billing.",
    "Settle it at the provider, then try again.",
    "no",
  ],
  [
    /invalid (access )?token|invalid (api.?key|credentials?|username)|unable to authenticate|authentication (failed|required)|AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|invalid_grant|not able to validate the provided access|unauthori[sz]ed(?!Operation)|\b401\b/i,
    "The provider does not accept these credentials.",
    credentials,
    "changed",
  ],
  [
    /UnauthorizedOperation|not authorized|access ?denied|permission denied|forbidden|insufficient.*(permission|scope)|\b403\b/i,
    "The provider knows these credentials, and they may not do this.",
    "Give them the right at the provider, or change them in the options, then try again.",
    "changed",
  ],
  [
    /(image|ami|template|InvalidAMIID|snapshot)\b.{0,80}(not found|NotFound|does not exist|doesn.t exist|malformed|invalid|no such)|(invalid|unknown|no such|could not find).{0,20}\bimage|manifest (for .* not found|unknown)/i,
    "There is no image of this name where it is looked for.",
    "Look up the image's name at the provider, change it in the options, then try again.",
    "changed",
  ],
  [
    /\b(size|instance.?type|flavou?r|plan|machine.?type)\b.{0,80}(not found|not available|not supported|does not exist|invalid)|(invalid|unknown|unsupported).{0,20}\b(size|instance.?type|flavou?r|plan|machine.?type)\b/i,
    "The provider has no such size there.",
    "Change the size or the region in the options, then try again.",
    "changed",
  ],
  [
    /no default (subnet|vpc)|default VPC|VPCIdNotSpecified|\b(subnet|vpc)\b.{0,60}(not found|NotFound|does not exist)/i,
    "The provider does not know in which network the machine shall be.",
    "Name a network (VPC, subnet) in the options, then try again.",
    "changed",
  ],
  [
    /(waiting for|retries).{0,40}\bSSH\b|\bSSH\b.{0,60}(never|not available|timed? ?out|exit status 255|handshake failed|retries)|ssh: (handshake|connect)/i,
    "The machine was made, but nobody could log in to it over SSH.",
    "Look whether its network lets port 22 through, and whether the SSH user fits the image, then try again.",
    "changed",
  ],
  [
    /dial tcp \S+:2376|:2376\b.{0,200}(timeout|timed out|refused|no route)/i,
    "The machine was made, but its Docker does not answer at port 2376.",
    "Look whether its network lets that port through, then try again.",
    "changed",
  ],
  [
    /docker-machine\S*: (command )?not found|spawn \S+ ENOENT|The program could not be started|executable file not found|Driver "[^"]*" not found/i,
    "The program that makes machines of this driver is not there, where the functions run.",
    "Install it there (npm run get-docker-machine), then try again.",
    "changed",
  ],
  [
    /It was ended by SIG/,
    "The program was killed in the middle of its work: for lack of memory, or by somebody.",
    "Look what happened where the functions run, then try again.",
    "yes",
  ],
  [
    /no space left on device/i,
    "A disk is full: that of the machine, or where the functions run.",
    "Make room, or choose a larger disk, then try again.",
    "changed",
  ],
  [
    /x509|certificate|tls: |\bTLS handshake(?! timeout)/i,
    "The certificates between the functions and the machine's Docker do not fit together.",
    "Look whether the clocks are right and whether nothing stands in between; then try again, which makes new ones.",
    "yes",
  ],
  [
    /no such host|could not resolve|name resolution|EAI_AGAIN|ENOTFOUND|server misbehaving/i,
    "A name could not be found in the DNS from where the functions run.",
    network,
    "later",
  ],
  [
    /connection refused|ECONNREFUSED|i\/o timeout|timed? ?out|deadline exceeded|handshake timeout|no route to host|network is unreachable|ETIMEDOUT|EHOSTUNREACH|connection reset/i,
    "Nobody answered at the other end: the provider, or the machine.",
    network,
    "later",
  ],
  [
    /could not be pulled|pull access denied|toomanyrequests/i,
    "The machine could not fetch the agent's image.",
    "Look whether the image exists, and whether the machine may reach its registry, then try again.",
    "later",
  ],
  [
    /already (exists|in use)|duplicate/i,
    "Something of this name is there already.",
    "Look at the provider what it is; remove it there if nobody needs it, then try again.",
    "changed",
  ],
  [
    /installing docker|get\.docker\.com|running provisioning|apt-get|package manager/i,
    "The machine was made, but Docker could not be installed on it.",
    "Read the log; another image, or another address to install from, may help.",
    "changed",
  ],
  [
    /\bEOF\b|\b50[0234]\b|internal (server )?error|service unavailable|bad gateway|gateway timeout/i,
    "The provider, or the way to it, failed.",
    "Try again in a while.",
    "later",
  ],
];

const configuration = "Mend the handler's address or its settings; it is tried again by itself.";
const byItself = "Nothing, if it is a moment only: it is tried again by itself.";
const brokenFunction: Entry = [
  "What answers at the handler's address does not keep to the contract.",
  configuration,
  "no",
];

const codes: Readonly<Record<string, Entry>> = {
  "driver.failed": ["docker-machine failed.", "Read its words and the log, then try again.", "yes"],
  "driver.timeout": [
    "docker-machine took longer than it may, and was stopped.",
    "Read in the log what it waited for, then try again.",
    "yes",
  ],
  "driver.notFound": [
    "There is no driver of this name where the functions run.",
    "Install docker-machine-driver-… there, then try again; or delete this machine and choose another driver.",
    "changed",
  ],
  "driver.unavailable": [
    "The program of this driver is not there, where the functions run.",
    "Install it there (npm run get-docker-machine), then try again.",
    "changed",
  ],
  "docker.unavailable": [
    "There is no docker client where the functions run, so the agent cannot be started.",
    "Install one there, then try again.",
    "changed",
  ],
  "agent.failed": [
    "The machine is there, but the agent could not be started on it.",
    "Read what the agent said; look whether the machine can reach the relay, then try again.",
    "yes",
  ],
  "agent.timeout": [
    "The machine is there, but starting the agent took longer than it may.",
    "Look whether the machine is slow, or its network is, then try again.",
    "yes",
  ],
  "archive.none": [
    "What docker-machine knew of the machine is gone, so nobody can reach its Docker.",
    "Delete the machine and create another one like it.",
    "no",
  ],
  "archive.invalid": [
    "What docker-machine knew of the machine cannot be read.",
    "Delete the machine and create another one like it; look at the provider for what is left of it.",
    "no",
  ],
  "archive.tooLarge": [
    "What docker-machine keeps of the machine is larger than it may be.",
    "Leave out large files among the options, then try again.",
    "changed",
  ],
  "archive.otherProgram": [
    "Another program has made this machine, and this one cannot go on from there.",
    "Start the functions with the program that made it, then try again.",
    "changed",
  ],
  "outcome.unknown": [
    "Whether the provider has a virtual machine cannot be found out from here.",
    "Look there, and say here what you found.",
    "no",
  ],
  "machine.forgotten": [
    "The machine was deleted by force: nobody asked the provider.",
    "Look at the provider whether something is left, and remove it there: it may cost money.",
    "no",
  ],
  "machine.nameInvalid": [
    "docker-machine takes no machine of this name.",
    "Delete it and create one with another name.",
    "no",
  ],
  "event.invalid": [
    "The functions do not understand what the relay asks of them: they are of different versions, as a rule.",
    "Start both from the same version, then try again.",
    "changed",
  ],
  "event.stale": ["The event was too old when its turn came.", byItself, "yes"],
  "forwarder.failed": ["The relay itself failed while it asked.", "Read the relay's log; it is tried again.", "yes"],
  "handler.error": ["The handler failed, and gave no code.", "Read its words, then try again.", "yes"],
  "handler.missing": [
    "A handler that has its part in this is not there any more.",
    "Put it back on the handlers' page: it goes on at once.",
    "changed",
  ],
  "handler.absent": [
    "Nobody listens for this event on the bus.",
    "Start the subscriber; it goes on as soon as that listens.",
    "changed",
  ],
  "handler.silent": [
    "The handler was asked, and gave no sign of life.",
    "Look whether it runs; it is asked again by itself.",
    "later",
  ],
  "handler.noUrl": ["The handler has no address to be asked at.", "Give it one on the handlers' page.", "changed"],
  "function.unreachable": [
    "Nobody answers at the handler's address: the functions do not run there, or the way is blocked.",
    "Start them, or mend the address on the handlers' page; it is tried again by itself.",
    "later",
  ],
  "function.slow": ["The functions were reached, and did not answer in time.", byItself, "later"],
  "function.silent": ["The functions fell silent in the middle of the work.", byItself, "later"],
  "function.lost": ["The connection to the functions ended before they replied.", byItself, "later"],
  "function.busy": ["The functions have enough to do, and said when to come back.", byItself, "later"],
  "function.running": ["An earlier run is not over yet.", byItself, "later"],
  "function.runUnknown": [
    "The functions were started anew, as a rule: they do not know the work that was under way.",
    "Nothing: once the old run is surely over, it is begun again by itself.",
    "later",
  ],
  "function.ended": ["The work was stopped before it was done: a shutdown, or its time was over.", byItself, "later"],
  "function.leaseOver": [
    "Nothing was heard of a run for too long, so it counts as over.",
    "Nothing: the next one looks first at what it has left.",
    "later",
  ],
  "function.cancelled": ["The functions had been told to cancel this.", byItself, "later"],
  "function.rejected": [
    "The functions refused the event.",
    "Read their words; as a rule an option has to change.",
    "changed",
  ],
  "function.unauthorized": [
    "The functions do not accept the relay's secret.",
    "Set FUNCTIONS_SECRET to the same on both sides; it is tried again by itself.",
    "changed",
  ],
  "function.failed": ["The functions failed by a defect of their own.", "Read their log, then try again.", "yes"],
  "function.notFound": ["There is no function at the handler's address.", configuration, "changed"],
  "function.redirect": ["The handler's address leads elsewhere.", configuration, "changed"],
  "function.unexpectedStatus": brokenFunction,
  "function.nonsense": brokenFunction,
  "function.tooLarge": brokenFunction,
};

/** For codes that are not listed: also those that come later. */
const families: readonly (readonly [prefix: string, entry: Entry])[] = [
  ["option.", ["An option does not fit the driver.", "Change it in the options, then try again.", "changed"]],
  ["request.", ["The functions do not understand what they are asked.", configuration, "no"]],
  ["function.", brokenFunction],
];
