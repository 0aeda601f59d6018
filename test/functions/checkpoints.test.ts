import { EventEmitter, once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { watchCheckpoints } from "../../functions/docker-machine/checkpoints.ts";
import { repairRecord, type StoredFile, settleRecord } from "../../functions/docker-machine/stored-files.ts";
import { temporaryDirectory } from "./work-scene.ts";

const recordOf = (id: number) => JSON.stringify({ Driver: { DropletID: id } });

/** A checkpoint here is the names and contents of its files, so that a test can read it. */
async function watchStorage() {
  const storage = await temporaryDirectory();
  const machine = join(storage, "machines/web-1");
  const sent: Record<string, string>[] = [];
  const events = new EventEmitter();
  const checkpoints = watchCheckpoints({
    storageDirectory: storage,
    machineName: "web-1",
    debounceMs: 5,
    async pack(files) {
      return JSON.stringify(Object.fromEntries(files.map(({ path, content }) => [path, content.toString()])));
    },
    send(archive) {
      sent.push(JSON.parse(archive) as Record<string, string>);
      events.emit("sent");
    },
    onFailure: (error) => events.emit("error", error),
  });
  onTestFinished(() => checkpoints.stop());
  /** Resolves when a checkpoint like this has been sent. */
  async function untilSent(isWanted: (files: Record<string, string>) => boolean) {
    while (!sent.some(isWanted)) await once(events, "sent");
  }
  return { storage, machine, sent, checkpoints, untilSent };
}

test("every file is sent soon after it was written, also in directories that were made meanwhile", async () => {
  const { storage, machine, untilSent, checkpoints } = await watchStorage();
  await mkdir(join(storage, "certs"));
  await writeFile(join(storage, "certs/ca.pem"), "ca");
  await untilSent((files) => files["certs/ca.pem"] === "ca");
  expect(checkpoints.hasSeenRecord()).toBe(false);
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, "config.json"), recordOf(0));
  await untilSent((files) => files["machines/web-1/config.json"] === recordOf(0));
  await mkdir(join(machine, "deeper"));
  await writeFile(join(machine, "deeper/key"), "key");
  await untilSent((files) => files["machines/web-1/deeper/key"] === "key");
  await writeFile(join(machine, "config.json"), recordOf(7));
  await untilSent((files) => files["machines/web-1/config.json"] === recordOf(7));
  expect(checkpoints.hasSeenRecord()).toBe(true);
});

test("a record that was seen is in every later checkpoint, whole", async () => {
  const { machine, sent, untilSent, checkpoints } = await watchStorage();
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, "config.json"), recordOf(0));
  await untilSent(() => true);
  await rm(join(machine, "config.json"));
  await writeFile(join(machine, "key"), "key");
  await checkpoints.stop();
  await writeFile(join(machine, "config.json"), '{"Driver":');
  expect(sent.filter((files) => files["machines/web-1/config.json"] !== recordOf(0))).toEqual([]);
});

test("a record that waits under its temporary name is sent in its place", async () => {
  const { machine, sent, untilSent, checkpoints } = await watchStorage();
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, "config.json"), recordOf(0));
  await untilSent(() => true);
  await writeFile(join(machine, "config.json.tmp12"), recordOf(7));
  await rm(join(machine, "config.json"));
  await checkpoints.stop();
  expect(sent.at(-1)).toEqual({ "machines/web-1/config.json": recordOf(7) });
});

test("what is written just before the end is sent by the last look, and nothing after it", async () => {
  const { machine, sent, checkpoints } = await watchStorage();
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, "config.json"), recordOf(7));
  await checkpoints.stop();
  expect(sent.at(-1)).toEqual({ "machines/web-1/config.json": recordOf(7) });
  const before = sent.length;
  await writeFile(join(machine, "late"), "late");
  await checkpoints.stop();
  expect(sent.slice(before).filter((files) => "late" in files)).toEqual([]);
});

test("what has not changed is not sent again", async () => {
  const { machine, sent, checkpoints } = await watchStorage();
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, "config.json"), recordOf(7));
  await checkpoints.stop();
  const before = sent.length;
  await checkpoints.stop();
  expect(sent).toHaveLength(before);
});

describe("of several records", () => {
  const stored = (name: string, text: string, second = 0): StoredFile => ({
    path: `machines/web-1/${name}`,
    content: Buffer.from(text),
    mtime: new Date(second * 1000),
  });

  test.each<[string, StoredFile[], string | null]>([
    ["none", [], null],
    ["one", [stored("config.json", recordOf(1))], recordOf(1)],
    ["half of one", [stored("config.json", '{"Driver"')], null],
    [
      "a whole temporary one wins",
      [stored("config.json", recordOf(0)), stored("config.json.tmp1", recordOf(7))],
      recordOf(7),
    ],
    [
      "half a temporary one does not",
      [stored("config.json", recordOf(1)), stored("config.json.tmp1", "{")],
      recordOf(1),
    ],
    [
      "the newest temporary one",
      [stored("config.json.tmp1", recordOf(1), 1), stored("config.json.tmp2", recordOf(2), 2)],
      recordOf(2),
    ],
  ])("%s", (_, files, expected) => {
    const settled = settleRecord(files, "web-1");
    expect(settled.record).toBe(expected);
    expect(settled.files.filter(({ path }) => path.includes("tmp"))).toEqual([]);
  });

  test("on the disk the whole temporary one takes its place after a kill", async () => {
    const storage = await temporaryDirectory();
    const machine = join(storage, "machines/web-1");
    await mkdir(machine, { recursive: true });
    await writeFile(join(machine, "config.json.tmp1"), recordOf(7));
    await writeFile(join(machine, "config.json.tmp2"), '{"Dri');
    await repairRecord(storage, "web-1");
    expect(await readFile(join(machine, "config.json"), "utf8")).toBe(recordOf(7));
  });
});
