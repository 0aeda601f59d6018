// The table of all machines.
import { engineVersion } from "../orders.ts";
import { Failure, print } from "../program.ts";
import { alignWithSpaces } from "../table.ts";
import { renderTemplate, TemplateError } from "../template.ts";
import { engineUrl } from "./create.ts";
import { stateOf } from "./show.ts";
import { listMachines, loadRecord } from "./storage.ts";

interface Row {
  Name: string;
  Active: string;
  DriverName: string;
  State: string;
  URL: string;
  Swarm: string;
  DockerVersion: string;
  Error: string;
}

export interface ListOptions {
  isQuiet: boolean;
  filters: readonly string[];
  format: string;
}

const headings = ["NAME", "ACTIVE", "DRIVER", "STATE", "URL", "SWARM", "DOCKER", "ERRORS"];
const filterFields: Readonly<Record<string, keyof Row>> = { name: "Name", driver: "DriverName", state: "State" };

/** @throws Failure for a filter or a template that nobody understands */
export function listAllMachines(storePath: string, { isQuiet, filters, format }: ListOptions): void {
  const isWanted = readFilters(filters);
  const rows = listMachines(storePath)
    .map((name) => describeMachine(storePath, name))
    .filter(isWanted);
  if (isQuiet) for (const row of rows) print("stdout", row.Name);
  else if (format !== "") for (const row of rows) print("stdout", renderRow(format, row));
  else for (const line of alignWithSpaces([headings, ...rows.map(cellsOf)])) print("stdout", line);
}

function describeMachine(storePath: string, name: string): Row {
  const row = {
    Name: name,
    Active: "",
    DriverName: "not found",
    State: "Error",
    URL: "",
    Swarm: "",
    DockerVersion: "",
  };
  try {
    const record = loadRecord(storePath, name);
    row.DriverName = record.DriverName;
    row.Active = "-";
    const state = stateOf(record);
    return { ...row, State: state, URL: engineUrl(record), DockerVersion: `v${engineVersion}`, Error: "" };
  } catch (error) {
    if (error instanceof Failure) return { ...row, Error: error.message };
    throw error;
  }
}

function readFilters(filters: readonly string[]): (row: Row) => boolean {
  const tests = filters.map((filter) => {
    const [key = "", pattern = ""] = filter.split("=", 2);
    const field = filterFields[key];
    if (field === undefined) throw new Failure(`Unsupported filter key '${key}'`);
    if (key === "name") return (row: Row) => new RegExp(pattern).test(row.Name);
    return (row: Row) => row[field].toLowerCase() === pattern.toLowerCase();
  });
  return (row) => tests.every((test) => test(row));
}

function renderRow(format: string, row: Row): string {
  try {
    return renderTemplate(format, row, { missingField: "error" });
  } catch (error) {
    if (error instanceof TemplateError) throw new Failure(error.message);
    throw error;
  }
}

function cellsOf(row: Row): string[] {
  return [row.Name, row.Active, row.DriverName, row.State, row.URL, row.Swarm, row.DockerVersion, row.Error];
}
