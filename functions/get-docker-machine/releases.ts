// Which docker-machine is fetched for which system. Pure.

export interface Release {
  url: string;
  /** Hex. */
  sha256: string;
}

/** The last one. */
export const version = "0.16.2";
export const releasesUrl = `https://github.com/docker/machine/releases/tag/v${version}`;

/**
 * Only systems whose sum has a public source that is cited here: a sum that we took from what we fetched ourselves
 * would prove nothing. By `process.platform` and `process.arch`.
 */
const releases: Readonly<Record<string, Release>> = {
  // Checked against this sum at each build of Azure's Cloud Shell:
  // https://github.com/Azure/CloudShell/blob/f3e3630c9a8840340761e403bf7dfcee6489e223/linux/base.Dockerfile
  "linux x64": {
    url: `https://github.com/docker/machine/releases/download/v${version}/docker-machine-Linux-x86_64`,
    sha256: "a7f7cbb842752b12123c5a5447d8039bf8dccf62ec2328853583e68eb4ffb097",
  },
};

export class Refusal extends Error {
  override readonly name = "Refusal";
}

/**
 * What the environment asks for, else the official one for this system. Null: none at all (MACHINE_URL is empty).
 * @throws Refusal in words
 */
export function chooseRelease(
  { MACHINE_URL: url, MACHINE_SHA256: sum }: Readonly<Record<string, string | undefined>>,
  system: string,
): Release | null {
  if (url === "") return null;
  if (url !== undefined) return { url: checkUrl(url), sha256: checkSum(sum, url) };
  if (sum !== undefined && sum !== "")
    throw new Refusal("MACHINE_SHA256 is the sum of MACHINE_URL, which is not given.");
  const release = releases[system];
  if (release !== undefined) return release;
  throw new Refusal(
    `There is no docker-machine for ${system} whose SHA-256 has a public source that we know of. Look at ${releasesUrl} and give its address and sum as MACHINE_URL and MACHINE_SHA256, or put docker-machine or rancher-machine on PATH.`,
  );
}

function checkUrl(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : null;
  if (protocol === "https:" || protocol === "http:") return url;
  throw new Refusal(`MACHINE_URL must be an http(s) address of the program itself, got ${JSON.stringify(url)}.`);
}

function checkSum(sum: string | undefined, url: string): string {
  if (sum !== undefined && /^[0-9a-f]{64}$/i.test(sum)) return sum.toLowerCase();
  const got = sum === undefined || sum === "" ? "nothing" : JSON.stringify(sum);
  throw new Refusal(
    `MACHINE_SHA256 must be the SHA-256 of ${url}, 64 hexadecimal digits, got ${got}. Whoever publishes the program publishes it as a rule; \`sha256sum\` prints that of a file that you trust.`,
  );
}
