// The table of all machines.
import { Failure, print } from "../program.ts";
import { alignWithSpaces } from "../table.ts";
import { renderTemplate, TemplateError } from "../template.ts";
import type { BundledDriver } from "./driver.ts";
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
export async function listAllMachines(
  driver: BundledDriver,
  storePath: string,
  { isQuiet, filters, format }: ListOptions,
): Promise<void> {
  const isWanted = readFilters(filters);
  const described = await Promise.all(listMachines(storePath).map((name) => describeMachine(driver, storePath, name)));
  const rows = described.filter(isWanted);
  if (isQuiet) for (const row of rows) print("stdout", row.Name);
  else if (format !== "") for (const row of rows) print("stdout", renderRow(format, row));
  else for (const line of alignWithSpaces([headings, ...rows.map(cellsOf)])) print("stdout", line);
}

async function describeMachine(driver: BundledDriver, storePath: string, name: string): Promise<Row> {
  const row = {
    Name: name,
    Active: "",
    DriverName: "not found",
    State: "Error",
    URL: "",
    Swarm: "",
    DockerVersion: "",
    Error: "",
  };
  try {
    const record = loadRecord(storePath, name, driver.name);
    row.DriverName = record.DriverName;
    row.Active = "-";
    row.State = await driver.stateOf(record);
    if (row.State !== "Running") return row;
    row.URL = driver.urlOf(record);
    row.DockerVersion = "Unknown";
    return { ...row, DockerVersion: `v${await driver.engineVersionOf(record)}` };
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
