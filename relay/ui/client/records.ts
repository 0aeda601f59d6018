// The calls about what is kept of a machine: its history, its log, its stages, its archive.
import type { HistoryEntryView, LogLineView, StageView } from "../../api/machine-records-view.ts";
import { ask, send } from "./ask.ts";
import type { Page } from "./page.ts";

const historyLimit = 200;
const logLimit = 1_000;
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
