// A store whose process is killed at any instant: what was acknowledged is there, and what is there is whole.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openStore } from "../../../relay/store/open.ts";
import type { Store } from "../../../relay/store/types.ts";
import { firstPage } from "./records.ts";
import { temporaryDirectory } from "./temporary-store.ts";
import { startWriter } from "./writer.ts";

const rounds = 8;
const acknowledgementsMax = 400;

test("a writer that is killed again and again loses nothing that it acknowledged", async () => {
  await using directory = await temporaryDirectory();
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    const writer = startWriter(directory.path, `${round}`);
    await writer.acknowledged(1 + Math.floor(Math.random() * acknowledgementsMax));
    await writer.kill();
    for (const [id, number] of writer.newest) acknowledged.set(id, number);

    const store = await openStore({ directory: directory.path });
    for (const [id, number] of acknowledged) await expectWhole(store, id, number);
    await store.close();
    expectSound(directory.path);
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(rounds);
});

/** All that one decision wrote bears the same number, which is the acknowledged one or a later one. */
async function expectWhole(store: Store, id: string, acknowledged: number): Promise<void> {
  const machine = await store.getMachine(id);
  const number = acknowledged === 0 && machine?.hasArchive === false ? 0 : (machine?.agentGeneration as number);
  expect(number).toBeGreaterThanOrEqual(acknowledged);
  expect((await store.listProcesses({ machineId: id }, firstPage)).data).toMatchObject([{ attempt: number }]);
  expect((await store.getArchive(id))?.split(" ")[0] ?? "0").toBe(`${number}`);
  const messages: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.listHistory(id, { ...firstPage, cursor });
    messages.push(...page.data.map(({ message }) => message));
    cursor = page.next;
  } while (cursor !== null);
  expect(messages).toStrictEqual(Array.from({ length: number + 1 }, (_, index) => `${index}`));
}

function expectSound(directory: string): void {
  using database = new DatabaseSync(join(directory, "relay.db"), { readOnly: true });
  expect(database.prepare("PRAGMA integrity_check").all()).toMatchObject([{ integrity_check: "ok" }]);
  expect(database.prepare("PRAGMA foreign_key_check").all()).toStrictEqual([]);
}
