// The images of the end-to-end tests: a host to create against, and stand-ins under the names of the official images
// that nobody can pull here. What a Dockerfile or compose file asks for is read from it, so that the two cannot differ.
import { chmodSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { docker, findProgram } from "./engine.ts";

const here = new URL(".", import.meta.url).pathname;
const root = new URL("../..", import.meta.url).pathname;

export const hostImage = "machine-relay-e2e/host";
/** The default of the relay's AGENT_IMAGE. */
export const agentImage = "docker:28-cli";
/** The default image of the driver `container`. */
export const dindImage = "docker:28-dind";
/** Debian with docker.io and nothing that starts it. */
export const dockerdImage = "machine-relay-e2e/debian-host";

const hostPackages = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "sudo", "docker.io", "iptables", "iproute2", "curl"],
  ...["ca-certificates", "procps", "netcat-openbsd"],
];
/** What the node binary is linked to. */
const nodePackages = ["libstdc++6"];

export async function makeImages(): Promise<void> {
  await makeHostImages();
  await importDebian("machine-relay-e2e/debian-node", "node", nodePackages);
  await build(dindImage, "docker-dind.Dockerfile", async (directory) => {
    await copyFile(join(here, "images/dockerd-entrypoint.sh"), join(directory, "dockerd-entrypoint.sh"));
    chmodSync(join(directory, "dockerd-entrypoint.sh"), 0o755);
  });
  for (const image of await askedFor()) if (image !== agentImage) await makeStandIn(image);
}

/** What a host needs, and no more. */
export async function makeHostImages(): Promise<void> {
  await importDebian(dockerdImage, "host", hostPackages);
  await build(hostImage, "host.Dockerfile", async () => {});
  await makeStandIn(agentImage);
}

async function makeStandIn(image: string): Promise<void> {
  if (image.startsWith("node:")) return makeNode(image);
  if (image.startsWith("docker:")) return makeDockerClient(image);
  throw new Error(`a Dockerfile asks for ${image}, for which the end-to-end tests have no stand-in`);
}

/** Every image that our Dockerfiles begin with or copy from, and the agent's. */
async function askedFor(): Promise<Set<string>> {
  const images = new Set([agentImage]);
  for (const path of ["relay/Dockerfile", "functions/Dockerfile"]) {
    const text = await readFile(join(root, path), "utf8");
    const stages = new Set([...text.matchAll(/^FROM \S+ AS (\S+)/gm)].map(([, name]) => name!));
    for (const [, image] of text.matchAll(/^(?:FROM |COPY --from=)(\S+)/gm))
      if (!stages.has(image!)) images.add(image!);
  }
  return images;
}

async function importDebian(image: string, name: string, packages: readonly string[]): Promise<void> {
  const { stdout: tar } = await execa(join(here, "debian-root.sh"), [name, ...packages], { stderr: "inherit" });
  await docker(["import", tar, image]);
}

async function makeNode(image: string): Promise<void> {
  const npm = await findNpm();
  const registry = (await execa("npm", ["config", "get", "registry"])).stdout.trim();
  const fill = async (directory: string) => {
    await copyFile(process.execPath, join(directory, "node"));
    await cp(npm, join(directory, "npm"), { recursive: true });
    await copyFile("/etc/ssl/certs/ca-certificates.crt", join(directory, "ca-certificates.crt"));
  };
  await build(image, "node.Dockerfile", fill, ["--build-arg", `registry=${registry}`]);
}

/** The directory of the npm that this machine uses: …/npm/bin/npm-cli.js lies in it. */
async function findNpm(): Promise<string> {
  const path = findProgram("npm");
  if (!path) throw new Error("npm is not on PATH");
  return dirname(dirname(await realpath(path)));
}

async function makeDockerClient(image: string): Promise<void> {
  await build(image, "docker-cli.Dockerfile", async (directory) => {
    const programs = { "/bin/busybox": findProgram("busybox")!, "/usr/local/bin/docker": findProgram("docker")! };
    const files = { ...programs, ...(await librariesOf(programs["/usr/local/bin/docker"])) };
    for (const [to, from] of Object.entries(files)) {
      await mkdir(join(directory, "root", dirname(to)), { recursive: true });
      await copyFile(from, join(directory, "root", to));
    }
    await mkdir(join(directory, "root/etc/ssl/certs"), { recursive: true });
    await copyFile("/etc/ssl/certs/ca-certificates.crt", join(directory, "root/etc/ssl/certs/ca-certificates.crt"));
    const entrypoint = join(directory, "root/usr/local/bin/docker-entrypoint.sh");
    await copyFile(join(here, "images/docker-entrypoint.sh"), entrypoint);
    chmodSync(entrypoint, 0o755);
  });
}

/** Debian's client is linked dynamically, the official one is not. The same paths in the image and here. */
async function librariesOf(program: string): Promise<Record<string, string>> {
  const { stdout } = await execa("ldd", [program], { reject: false });
  const paths = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path!);
  return Object.fromEntries(paths.map((path) => [path, path]));
}

async function build(
  image: string,
  dockerfile: string,
  fill: (directory: string) => Promise<void>,
  options: readonly string[] = [],
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-e2e-"));
  try {
    await fill(directory);
    await copyFile(join(here, "images", dockerfile), join(directory, "Dockerfile"));
    await docker(["build", "--quiet", "--tag", image, ...options, directory]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
