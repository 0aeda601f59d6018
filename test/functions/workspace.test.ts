import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openWorkspace, type Workspace, WorkspaceError } from "../../functions/invocations/workspace.ts";
import { temporaryDirectory } from "./functions-scene.ts";

function open(directory: string): Workspace {
  const workspace = openWorkspace(directory);
  onTestFinished(() => workspace.close());
  return workspace;
}

test("a directory of a run is empty, private, and gone when it is removed", async () => {
  const workspace = open(join(temporaryDirectory(), "work"));
  const [first, second] = [await workspace.create(), await workspace.create()];
  expect(first).not.toBe(second);
  expect(statSync(first).mode & 0o777).toBe(0o700);
  expect(statSync(dirname(dirname(first))).mode & 0o777).toBe(0o700);
  mkdirSync(join(first, "deep", "er"), { recursive: true });
  writeFileSync(join(first, "deep", "er", "file"), "");
  await workspace.remove(first);
  expect(existsSync(first)).toBe(false);
  expect(existsSync(second)).toBe(true);
});

test("what a dead process left is swept at the start", () => {
  const work = join(temporaryDirectory(), "work");
  const stale = join(work, `4194304-17@${hostname()}`, "run-1");
  mkdirSync(stale, { recursive: true });
  open(work);
  expect(existsSync(dirname(stale))).toBe(false);
});

test("in a container the same process id comes again: a directory that bears ours at the start is stale", () => {
  const work = join(temporaryDirectory(), "work");
  const stale = join(work, `${process.pid}-17@${hostname()}`, "run-1");
  mkdirSync(stale, { recursive: true });
  open(work);
  expect(existsSync(dirname(stale))).toBe(false);
});

test("the directories of another living process stay", () => {
  const work = join(temporaryDirectory(), "work");
  const other = spawn("sleep", ["1000"], { stdio: "ignore" });
  onTestFinished(() => void other.kill("SIGKILL"));
  const status = readFileSync(`/proc/${other.pid}/stat`, "latin1");
  const start = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
  const living = join(work, `${other.pid}-${start}@${hostname()}`, "run-1");
  mkdirSync(living, { recursive: true });
  open(work);
  expect(existsSync(living)).toBe(true);
});

test("of another host only what is old is swept", () => {
  const work = join(temporaryDirectory(), "work");
  const [fresh, old] = [join(work, "1-1@elsewhere"), join(work, "2-2@elsewhere")];
  for (const path of [fresh, old]) mkdirSync(path, { recursive: true });
  utimesSync(old, 1, 1);
  open(work);
  expect([existsSync(fresh), existsSync(old)]).toEqual([true, false]);
});

test("nothing is swept that we did not make", () => {
  const work = join(temporaryDirectory(), "work");
  mkdirSync(join(work, "somebody's"), { recursive: true });
  open(work);
  expect(existsSync(join(work, "somebody's"))).toBe(true);
});

test("a work directory that is a link or a file is refused in words", () => {
  const directory = temporaryDirectory();
  symlinkSync(temporaryDirectory(), join(directory, "link"));
  writeFileSync(join(directory, "file"), "");
  for (const name of ["link", "file"]) {
    expect(() => openWorkspace(join(directory, name))).toThrow(WorkspaceError);
    expect(() => openWorkspace(join(directory, name))).toThrow(/^WORK_DIR must be a directory of our own/);
  }
  expect(basename(directory)).toBeTruthy();
});
