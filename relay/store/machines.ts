// The table of machines, and the one place where a row becomes a Machine.
import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import { fromBoolean, fromJson, toJson } from "./columns.ts";
import type { Cursors } from "./cursors.ts";
import { rowsToRead, toPage } from "./pages.ts";
import type { Sealing } from "./sealing.ts";
import { isSqliteError } from "./sqlite.ts";
import type { Host, Machine, MachineFilter, MachineState, Page } from "./types.ts";

interface MachineRow {
  id: string;
  name: string;
  machine_name: string;
  driver: string;
  labels: string;
  state: MachineState;
  progress: string | null;
  error: string | null;
  ip_address: string | null;
  engine_version: string | null;
  url: string | null;
  provider_id: string | null;
  ssh: string | null;
  is_simulated: number;
  resolved: string | null;
  unsettled_since: number | null;
  agent_generation: number;
  host: string | null;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
  options: Uint8Array;
  has_archive: number;
}

/** Written by every change, in the order of `plainValues`. By position: binding by name costs four times as much. */
const plainColumns = `name, machine_name, driver, labels, state, progress, error, ip_address, engine_version,
  url, provider_id, ssh, is_simulated, resolved, unsettled_since, agent_generation, created_at, updated_at, deleted_at`;
const columns = `id, ${plainColumns}, host, options,
  EXISTS (SELECT 1 FROM archives WHERE machine_id = machines.id) AS has_archive`;

/** Newest first. `condition` is written out, so that SQLite finds the index that leaves the deleted ones out. */
const listSql = (condition: string) => `
  SELECT ${columns} FROM machines
  WHERE ${condition}
    AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
    AND (:drivers IS NULL OR driver IN (SELECT value FROM json_each(:drivers)))
    AND (:name IS NULL OR instr(lower(name), lower(:name)) > 0)
    AND (:labels IS NULL OR NOT EXISTS (
      SELECT 1 FROM json_each(:labels) AS wanted WHERE NOT EXISTS (
        SELECT 1 FROM json_each(machines.labels) AS label
        WHERE label.key = wanted.key AND label.value = wanted.value)))
    AND (created_at, id) < (:createdAt, :id)
  ORDER BY created_at DESC, id DESC LIMIT :rows`;

/** Sorts after every place in a list: its first page begins here. */
const beforeFirst = [Number.MAX_SAFE_INTEGER, ""] as const;

type Options = Pick<Machine, "id" | "driverConfig" | "engine">;

export function createMachineTable(database: DatabaseSync, sealing: Sealing, cursors: Cursors) {
  const insert = database.prepare(`
    INSERT INTO machines (${plainColumns}, id, host, host_state, host_last_seen_at, options)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = database.prepare(`
    UPDATE machines SET (${plainColumns}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`);
  const updateOptions = database.prepare("UPDATE machines SET options = ? WHERE id = ?");
  const updateHost = database.prepare(
    "UPDATE machines SET host = ?, host_state = ?, host_last_seen_at = ?, updated_at = ? WHERE id = ?",
  );
  const select = database.prepare(`SELECT ${columns} FROM machines WHERE id = ?`);
  const selectKept = database.prepare(listSql("state <> 'deleted'"));
  const selectAll = database.prepare(listSql("1"));
  const countByState = database.prepare("SELECT state, count(*) AS count FROM machines GROUP BY state");
  const selectSilent = database.prepare(`
    SELECT ${columns} FROM machines
    WHERE host_state = 'connected' AND host_last_seen_at < ? AND state <> 'deleted'
    ORDER BY host_last_seen_at`);

  function toMachine(row: MachineRow): Machine {
    return {
      id: row.id,
      name: row.name,
      machineName: row.machine_name,
      driver: row.driver,
      ...(JSON.parse(sealing.unseal(row.options, placeOfOptions(row.id))) as Pick<Machine, "driverConfig" | "engine">),
      labels: JSON.parse(row.labels),
      state: row.state,
      progress: toJson(row.progress),
      error: toJson(row.error),
      ipAddress: row.ip_address,
      engineVersion: row.engine_version,
      url: row.url,
      providerId: row.provider_id,
      ssh: toJson(row.ssh),
      isSimulated: row.is_simulated === 1,
      resolved: toJson(row.resolved),
      unsettledSince: row.unsettled_since,
      agentGeneration: row.agent_generation,
      host: toJson(row.host),
      hasArchive: row.has_archive === 1,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      deletedAt: row.deleted_at,
    };
  }

  /** Together: an engine's environment holds secrets as well as a driver's options do. */
  function sealOptions({ id, driverConfig, engine }: Options): Uint8Array {
    return sealing.seal(JSON.stringify({ driverConfig, engine }), placeOfOptions(id));
  }

  return {
    /** @throws RelayError `machine.nameTaken` */
    insert(machine: Machine): void {
      refuseTakenName(machine.name, () =>
        insert.run(
          ...plainValues(machine),
          machine.id,
          fromJson(machine.host),
          machine.host?.state ?? null,
          machine.host?.lastSeenAt ?? null,
          sealOptions(machine),
        ),
      );
    },

    /** All but the host and the options of driver and engine. @throws RelayError `machine.nameTaken` */
    update: (machine: Machine) => refuseTakenName(machine.name, () => update.run(...plainValues(machine), machine.id)),
    updateOptions: (machine: Options) => void updateOptions.run(sealOptions(machine), machine.id),
    updateHost: (machineId: string, host: Host, updatedAt: number) =>
      void updateHost.run(fromJson(host), host.state, host.lastSeenAt, updatedAt, machineId),

    get(id: string): Machine | null {
      const row = select.get(id) as MachineRow | undefined;
      return row === undefined ? null : toMachine(row);
    },

    /** Newest first. Deleted ones only when asked for, by `includeDeleted` or by their state. */
    list(filter: MachineFilter, page: { limit: number; cursor: string | null }): Page<Machine> {
      const [createdAt, id] = page.cursor === null ? beforeFirst : cursors.read("machines", page.cursor);
      const isDeletedWanted = filter.includeDeleted === true || filter.states?.includes("deleted") === true;
      const rows = (isDeletedWanted ? selectAll : selectKept).all({
        states: fromJson(filter.states ?? null),
        drivers: fromJson(filter.drivers ?? null),
        labels: fromJson(filter.labels ?? null),
        name: filter.name ?? null,
        createdAt: createdAt as number,
        id: id as string,
        rows: rowsToRead(page.limit),
      });
      return toPage(rows as unknown as MachineRow[], page.limit, toMachine, (last) =>
        cursors.write("machines", [last.created_at, last.id]),
      );
    },

    countByState: (): Record<string, number> =>
      Object.fromEntries(countByState.all().map((row) => [row.state as string, row.count as number])),

    listSilent: (lastSeenBefore: number): Machine[] =>
      (selectSilent.all(lastSeenBefore) as unknown as MachineRow[]).map(toMachine),
  };
}

const placeOfOptions = (machineId: string) => `machines.options:${machineId}`;

function plainValues(machine: Machine): (string | number | null)[] {
  return [
    machine.name,
    machine.machineName,
    machine.driver,
    JSON.stringify(machine.labels),
    machine.state,
    fromJson(machine.progress),
    fromJson(machine.error),
    machine.ipAddress,
    machine.engineVersion,
    machine.url,
    machine.providerId,
    fromJson(machine.ssh),
    fromBoolean(machine.isSimulated),
    fromJson(machine.resolved),
    machine.unsettledSince,
    machine.agentGeneration,
    machine.createdAt,
    machine.updatedAt,
    machine.deletedAt,
  ];
}

/** The unique index decides, so that two at once cannot both have the name. */
function refuseTakenName(name: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isSqliteError(error, "unique") || !error.message.includes("machines.name")) throw error;
    throw new RelayError("machine.nameTaken", {
      message: `A machine with the name ${name} exists already`,
      field: "name",
      expected: "a name that no other machine has",
      got: name,
      cause: error,
    });
  }
}
