// What the words of drivers, providers and engines mean. Data: read off what the real programs print when a real protocol
// fails (test/fixtures/provider-errors), and off the providers' lists of error codes.
import type { Entry } from "./meaning.ts";

const credentials = "Change the token or key in the options, then try again.";
const network = "Look whether the address is right and reachable from where the functions run, then try again.";

/** The first that fits counts, so what is more exact stands before what is less. */
export const words: readonly (readonly [RegExp, ...Entry])[] = [
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
    /RequestExpired|SignatureExpired|RequestTimeTooSkewed|signature (has )?expired|signature not yet current/i,
    "The provider takes the request for one of another time: the clock where the functions run is wrong, as a rule.",
    "Set that clock right (NTP), then try again.",
    "changed",
  ],
  [
    /OptInRequired|accept (the )?(legal )?terms/i,
    "The image, or the service, wants its terms accepted by this account first.",
    "Open the address in the words and accept them, or choose another image, then try again.",
    "changed",
  ],
  [
    /PendingVerification/,
    "The provider is still checking this account for that region.",
    "Wait for its mail, a few hours at most, then try again.",
    "later",
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
    /CredentialsProviderError|NoCredentialProviders/,
    "No credentials were given, and there are none where the functions run.",
    "Give the keys in the options, or there (environment, ~/.aws/credentials, role), then try again.",
    "changed",
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
    /requires a valid region|(invalid|unknown|no such) region|region\b.{0,60}(not found|not exist|is not valid|is disabled)/i,
    "The provider has no such region for this account.",
    "Look up the region's name at the provider, change it in the options, then try again.",
    "changed",
  ],
  [
    /no default (subnet|vpc)|unable to find a subnet|default VPC|VPCIdNotSpecified|\b(subnet|vpc)\b.{0,60}(not found|NotFound|does not exist)/i,
    "The provider does not know in which network the machine shall be.",
    "Name a network (VPC, subnet) in the options, then try again.",
    "changed",
  ],
  [
    /waiting for machine to be running: Maximum number of retries|Maximum number of retries.*\(after: (Waiting for (instance|machine|an? |IP)|Creat|Launching)|\/droplets\/\d+: 404|InvalidInstanceID\.NotFound/i,
    "The machine was gone again, or off, before it was ready; a host of your own (generic): nobody answered at its SSH port.",
    "Look at the provider whether somebody or something ended it (a spot price, a limit, its own start), or whether your host's address and SSH port are right and reachable; then try again.",
    "yes",
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
    /installing docker|get\.docker\.com|running provisioning|\(after: Provisioning|apt-get|package manager/i,
    "The machine was made, but Docker could not be installed on it.",
    "Read the log; another image, or another address to install from, may help.",
    "changed",
  ],
  [
    /\bEOF\b|\b50[0234]\b|internal (server )?error|service unavailable|bad gateway|gateway timeout|invalid character '<' looking for beginning of value/i,
    "The provider, or the way to it, failed.",
    "Try again in a while.",
    "later",
  ],
];
