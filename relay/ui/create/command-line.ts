// A command as a person would type it. Pure.
import { secretMask } from "./draft.ts";

/** Each option is a line of its own. `environment`: variables that carry secrets; they stand in front, masked. */
export function formatCommand(command: readonly string[], environment: readonly string[]): string {
  const variables = environment.map((name) => `${name}=${secretMask}`);
  const lines = command.reduce((text, argument, index) => {
    const isLineOfItsOwn = argument.startsWith("--") || index === command.length - 1;
    const space = index === 0 ? "" : isLineOfItsOwn ? " \\\n  " : " ";
    return text + space + quoteArgument(argument);
  }, "");
  return [...variables, lines].join(" \\\n");
}

function quoteArgument(argument: string): string {
  if (argument === secretMask || /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
