// The agent's script, made out to one token.
import { readFileSync } from "node:fs";
import { agentContainerName } from "../../functions/contract.ts";
import { quoteForShell } from "./launch.ts";

const template = readFileSync(new URL("./script.sh", import.meta.url), "utf8");

export function renderScript({
  url,
  token,
  reportEveryMs,
}: {
  url: string;
  token: string;
  reportEveryMs: number;
}): string {
  const values: Record<string, string> = {
    url: quoteForShell(url),
    token: quoteForShell(token),
    container: quoteForShell(agentContainerName),
    seconds: String(reportEveryMs / 1000),
  };
  return template.replace(/@@(\w+)@@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`script.sh wants @@${name}@@, which nobody gives`);
    return value;
  });
}
