// The lines with which a person reaches a machine from their own terminal. Pure.
import type { MachineView } from "../../../api/machine-view.ts";

export type Reached = Pick<MachineView, "id" | "name" | "machineName" | "url" | "ipAddress" | "ssh">;

export interface ConnectLine {
  title: string;
  text: string;
}

/** So that a shell takes it as one word, whatever is in it. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Where the lines unpack the archive: `~` must stay outside of any quotes. */
const directoryOf = ({ name }: Reached) => `~/.machine-relay/${quote(name)}`;
/** The same as a value, where a shell would leave a `~` as it is. */
const pathOf = ({ name }: Reached) => `"$HOME"/.machine-relay/${quote(name)}`;
const certificatesOf = (machine: Reached) => `${pathOf(machine)}/machines/${quote(machine.machineName)}`;

export function unpackLine(machine: Reached): string {
  return `mkdir -p ${directoryOf(machine)} && tar xzf ${quote(`${machine.name}.tar.gz`)} -C ${directoryOf(machine)}`;
}

/** `hasKey`: the API asks for one. It is named and not written out: a line lands in a shell's history. */
export function fetchLine(machine: Reached, origin: string, hasKey: boolean): string {
  const address = quote(`${origin}/v1/machines/${encodeURIComponent(machine.id)}/archive`);
  const key = hasKey ? ' -H "authorization: Bearer $KEY"' : "";
  return `mkdir -p ${directoryOf(machine)} && curl -sf ${address}${key} | tar xz -C ${directoryOf(machine)}`;
}

/** Three ways to the same engine. */
export function dockerLines(machine: Reached): ConnectLine[] {
  const { url } = machine;
  if (url === null) return [];
  const certificates = certificatesOf(machine);
  const files = ["ca", "cert", "key"].map((name) => `${name}=${certificates}/${name}.pem`).join(",");
  const flags = ["ca", "cert", "key"].map(
    (name) => `--tls${name === "ca" ? "cacert" : name}=${certificates}/${name}.pem`,
  );
  // Docker wants two characters at least.
  const context = quote(machine.name.length > 1 ? machine.name : machine.machineName);
  return [
    {
      title: "For this shell",
      text: [
        `export DOCKER_HOST=${quote(url)}`,
        "export DOCKER_TLS_VERIFY=1",
        `export DOCKER_CERT_PATH=${certificates}`,
        "docker ps",
      ].join("\n"),
    },
    {
      title: "As a context, to be kept",
      text: [
        `docker context create ${context} --docker host=${quote(url)},${files}`,
        `docker --context ${context} ps`,
      ].join("\n"),
    },
    { title: "For one command", text: `docker -H ${quote(url)} --tlsverify ${flags.join(" ")} ps` },
  ];
}

/** Null: nobody knows how to get in by SSH. */
export function sshLine(machine: Reached): string | null {
  const { ssh, ipAddress } = machine;
  if (!ssh || ipAddress === null) return null;
  const port = ssh.port === 22 ? "" : ` -p ${ssh.port}`;
  const target = quote(`${ssh.user}@${ipAddress}`);
  if (ssh.keyFile === null) return `ssh${port} ${target}`;
  const key = `${pathOf(machine)}/${quote(ssh.keyFile)}`;
  return `chmod 600 ${key} && ssh -i ${key}${port} ${target}`;
}
