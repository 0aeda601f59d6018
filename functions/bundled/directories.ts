// Makes directories. Node's own recursive mkdir never returns where a file system answers ENOENT although the parent is
// there, as /proc does.
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * With its parents, where they are missing; there already is fine.
 * @throws NodeJS.ErrnoException
 */
export function makeDirectory(directory: string, mode = 0o700): void {
  const parent = dirname(directory);
  if (!existsSync(parent)) makeDirectory(parent, mode);
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
