// Is a program of the machine that the tests run on there?
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Its path, or null. */
export function findOnPath(name: string): string | null {
  const paths = (process.env.PATH ?? "").split(delimiter).map((directory) => join(directory, name));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
