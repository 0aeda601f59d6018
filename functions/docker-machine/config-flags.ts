// Reads what `docker-machine config <name>` prints: the flags that lead the docker client to the machine's engine. Pure.

export interface ConfigFlags {
  /** For the docker client, before its command. */
  arguments: string[];
  /** `tcp://203.0.113.7:2376`; null where there is none. */
  url: string | null;
}

/** One flag a line, its value quoted as Go quotes: paths may hold blanks. Lines that are no flags are plugins' talk. */
export function parseConfigFlags(output: string): ConfigFlags {
  const flags = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^--?[A-Za-z]/.test(line))
    .map(withoutQuotes);
  const host = flags.find((flag) => /^(-H|--host)=/.test(flag));
  return { arguments: flags, url: host?.slice(host.indexOf("=") + 1) ?? null };
}

function withoutQuotes(flag: string): string {
  const [, name, value] = /^(--?[A-Za-z0-9-]+=)"((?:[^"\\]|\\.)*)"$/.exec(flag) ?? [];
  return name === undefined || value === undefined ? flag : name + value.replace(/\\(.)/g, "$1");
}
