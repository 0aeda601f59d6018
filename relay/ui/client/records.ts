// The calls about what is kept of a machine: its history, its log, its stages, its archive.
import type { HistoryEntryView, LogLineView, StageView } from "../../api/machine-records-view.ts";
import { ask, send } from "./ask.ts";
import type { Page } from "./page.ts";

const historyLimit = 200;
const logLimit = 1_000;
const processLimit = 200;
const pathOf = (id: string, record: string) => `/v1/machines/${encodeURIComponent(id)}/${record}`;

/** A page of those after that entry (0: from the beginning), oldest first. */
export const listHistory = (id: string, after: number) =>
  ask<Page<HistoryEntryView>>("GET", pathOf(id, "history"), { query: { after, limit: historyLimit } });

/** A page of the lines after that number (0: from the beginning); `next`: give it back as `after`; null: no more now. */
export const listLog = (id: string, after: number) =>
  ask<{ data: LogLineView[]; next: number | null }>("GET", pathOf(id, "log"), { query: { after, limit: logLimit } });

/** All lines, as text. */
export const getLogText = async (id: string) =>
  (await send("GET", pathOf(id, "log"), { headers: { accept: "text/plain" } })).text();

/** How long each stage took, oldest first. */
export const listStages = async (id: string) => (await ask<{ data: StageView[] }>("GET", pathOf(id, "stages"))).data;

/** docker-machine's directory, tar.gz: by fetch and not by a link, because a link sends no key. */
export const getArchive = async (id: string) => (await send("GET", pathOf(id, "archive"))).blob();

export interface Stray {
  at: number;
  reason: string;
  archiveBytes: number;
}

/** Archives that came from somebody who was not, or no longer, entitled to answer. */
export const listStrays = async (id: string) => (await ask<{ data: Stray[] }>("GET", pathOf(id, "strays"))).data;

/** Its processes' names by their ids; the newest ones, where there are very many. */
export async function listProcessNames(machineId: string): Promise<Map<string, string>> {
  const query = { machine: machineId, limit: processLimit };
  const { data } = await ask<Page<{ id: string; name: string }>>("GET", "/v1/processes", { query });
  return new Map(data.map(({ id, name }) => [id, name]));
}
