// A command as a person would type it. Pure.
import { secretMask } from "./draft.ts";

/** `environment`: variables that carry secrets; they stand in front, masked. */
export function formatCommand(command: readonly string[], environment: readonly string[]): string {
  return [...environment.map((name) => `${name}=${secretMask}`), ...command.map(quoteArgument)].join(" ");
}

function quoteArgument(argument: string): string {
  if (argument === secretMask || /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
