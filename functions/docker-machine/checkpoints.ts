// Sends the machine's archive as soon as docker-machine has written anything, and at every change: so that a run that
// dies leaves behind what the next one needs to find, finish or remove what it made.
import { type FSWatcher, statSync, watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readStoredFiles, type SettledFiles, settleRecord } from "./stored-files.ts";

export const debounceMsDefault = 100;
const directoriesMax = 100;

export interface CheckpointsInput {
  storageDirectory: string;
  machineName: string;
  pack(files: SettledFiles["files"]): Promise<string>;
  send(archive: string): void;
  /** It could not be packed; the last good one stands. */
  onFailure(error: Error): void;
  debounceMs?: number;
}

export interface Checkpoints {
  /** Was there ever a record? From then on something may exist at the provider. */
  hasSeenRecord(): boolean;
  /** Looks once more, sends what is new, and is over. */
  stop(): Promise<void>;
}

export function watchCheckpoints(input: CheckpointsInput): Checkpoints {
  const { storageDirectory, machineName, pack, send, onFailure, debounceMs = debounceMsDefault } = input;
  const watchers = new Map<string, { watcher: FSWatcher; inode: number }>();
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  let lastSent: string | null = null;
  let hasSeenRecord = false;
  let isStopped = false;

  function onChange(): void {
    // Not put off by further changes: a program that writes all the time would never be saved.
    if (isStopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      look();
    }, debounceMs);
  }

  function look(): Promise<void> {
    looking = looking.then(async () => {
      try {
        await watchDirectories();
        await saveChanges();
      } catch (error) {
        onFailure(error as Error);
      }
    });
    return looking;
  }

  async function saveChanges(): Promise<void> {
    const { files, record } = settleRecord(await readStoredFiles(storageDirectory, machineName), machineName);
    // docker-machine removes config.json before it renames the new one into its place.
    if (record === null && hasSeenRecord) return;
    if (record !== null) hasSeenRecord = true;
    if (files.length === 0) return;
    const archive = await pack(files);
    if (archive === lastSent) return;
    lastSent = archive;
    send(archive);
  }

  /** Own watchers instead of a recursive one: what is made between its looks is lost to it. */
  async function watchDirectories(): Promise<void> {
    const directories = ["", "certs", "files", "machines", ...(await directoriesBelow(join("machines", machineName)))];
    for (const directory of directories.slice(0, directoriesMax)) {
      if (isStopped) return;
      try {
        const path = join(storageDirectory, directory);
        const inode = statSync(path).ino;
        const known = watchers.get(directory);
        if (known?.inode === inode) continue;
        // Another directory of the same name: the old watcher hears nothing of it.
        known?.watcher.close();
        const watcher = watch(path, { persistent: false }, onChange);
        watcher.on("error", () => {
          watcher.close();
          watchers.delete(directory);
        });
        watchers.set(directory, { watcher, inode });
        // It may have been filled before it was watched; and its files may yet be growing.
        onChange();
      } catch {
        // Not there yet: the directory above tells when it is.
      }
    }
  }

  async function directoriesBelow(path: string): Promise<string[]> {
    const entries = await readdir(join(storageDirectory, path), { withFileTypes: true }).catch(() => []);
    const inner = entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
    return [path, ...inner];
  }

  void look();
  return {
    hasSeenRecord: () => hasSeenRecord,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await look();
      for (const { watcher } of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
