// docker-machine's storage directory of one run: restored from the event's archive, packed into the reply's.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventMachine } from "../contract.ts";
import { type ArchiveManifest, packArchive, requireProgramFor, unpackArchive } from "./archive.ts";
import type { OptionFile } from "./driver-options.ts";
import { publicKeyOf } from "./public-key.ts";
import { driverFieldsOf, withCredentials } from "./record.ts";
import { readStoredFiles, recordName, repairRecord, type StoredFile, settleRecord } from "./stored-files.ts";
import type { Program } from "./tools.ts";

export interface MachineStorage {
  directory: string;
  /** Where the files of file options are. */
  filesDirectory: string;
  /** config.json as text; null: docker-machine knows no such machine. */
  readRecord(): Promise<string | null>;
  /** Makes docker-machine know the machine (again), with this record. */
  restoreRecord(record: string): Promise<void>;
  /** Forgets the machine locally, so that it may be created (again). */
  dropRecord(): Promise<void>;
  writeFiles(files: readonly OptionFile[]): Promise<void>;
  /** The paths of all that would be packed. */
  listFiles(): Promise<string[]>;
  /** Null: there is nothing to pack. @throws ArchiveError `archive.tooLarge` */
  pack(): Promise<string | null>;
  packFiles(files: readonly StoredFile[]): Promise<string>;
  /** After docker-machine was killed between two steps of a save. */
  repair(): Promise<void>;
}

/** docker-machine 0.16.2 sends what it failed at to a company on the internet, unless this file is there. */
const noErrorReportName = "no-error-report";

/**
 * @param directory a private one, not shared with another run
 * @throws ArchiveError when the event's archive cannot be used, or not by this program
 */
export async function openStorage(
  directory: string,
  machine: Pick<EventMachine, "machineName" | "driver" | "archive" | "driverConfig">,
  program: Pick<Program, "name" | "version">,
): Promise<MachineStorage> {
  const { machineName, driver } = machine;
  const machineDirectory = join(directory, "machines", machineName);
  const recordPath = join(machineDirectory, recordName);
  const filesDirectory = join(directory, "files");
  const manifest: ArchiveManifest = {
    format: 1,
    program: program.name,
    version: program.version,
    storePath: directory,
    machineName,
    driver,
  };

  const storage: MachineStorage = {
    directory,
    filesDirectory,
    async readRecord() {
      const record = await readFile(recordPath, "utf8").catch(() => null);
      return record !== null && driverFieldsOf(record) !== null ? record : null;
    },
    async restoreRecord(record) {
      await mkdir(machineDirectory, { recursive: true, mode: 0o700 });
      await writeFile(recordPath, record, { mode: 0o600 });
    },
    dropRecord: () => rm(machineDirectory, { recursive: true, force: true }),
    async writeFiles(files) {
      await rm(filesDirectory, { recursive: true, force: true });
      if (files.length === 0) return;
      await mkdir(filesDirectory, { mode: 0o700 });
      for (const { name, content } of files) {
        // OpenSSH refuses a key without its last line end, and people lose it when they copy one.
        const whole = /-----END [A-Z ]+-----$/.test(content) ? `${content}\n` : content;
        await writeFile(join(filesDirectory, name), whole, { mode: 0o600 });
        const publicKey = publicKeyOf(whole);
        if (publicKey !== null) await writeFile(join(filesDirectory, `${name}.pub`), publicKey, { mode: 0o600 });
      }
    },
    async listFiles() {
      return (await readStoredFiles(directory, machineName)).map(({ path }) => path);
    },
    async pack() {
      const { files } = settleRecord(await readStoredFiles(directory, machineName), machineName);
      return files.length === 0 ? null : packArchive(files, manifest);
    },
    packFiles: (files) => packArchive(files, manifest),
    repair: () => repairRecord(directory, machineName),
  };

  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, noErrorReportName), "", { mode: 0o600 });
  if (machine.archive !== null) {
    const { manifest: old } = await unpackArchive(machine.archive, directory, machineName);
    requireProgramFor(old, program);
    const record = await storage.readRecord();
    if (record !== null) await storage.restoreRecord(withCredentials(driver, record, machine.driverConfig));
  }
  return storage;
}
