// What of an agent's doings is worth a line in the machine's history. Bounded: a container that restarts for ever, or an
// agent that does, says so once in a while.
import type { NewHistoryEntry } from "../store/types.ts";
import { containersToldEveryMs, keptCharactersMax, namesToldMax, sayAgainMs } from "./limits.ts";

export interface ContainerChanges {
  started: readonly string[];
  stopped: readonly string[];
}

export interface Diary {
  /** An entry for this message, or nothing where it was just said. */
  tell(machineId: string, message: string): NewHistoryEntry | undefined;
  /** An entry for what containers did since the last one, or nothing yet. */
  tellContainers(machineId: string, changes: ContainerChanges): NewHistoryEntry | undefined;
  forget(machineId: string): void;
}

interface Page {
  said: Map<string, number>;
  started: Set<string>;
  stopped: Set<string>;
  containersToldAt: number;
}

export function createDiary(now: () => number): Diary {
  const pages = new Map<string, Page>();

  function pageOf(machineId: string): Page {
    let page = pages.get(machineId);
    if (!page) {
      page = { said: new Map(), started: new Set(), stopped: new Set(), containersToldAt: Number.NEGATIVE_INFINITY };
      pages.set(machineId, page);
    }
    return page;
  }

  const diary: Diary = {
    tell(machineId, message) {
      const { said } = pageOf(machineId);
      const at = now();
      for (const [old, saidAt] of said) if (at - saidAt >= sayAgainMs) said.delete(old);
      if (said.has(message)) return undefined;
      said.set(message, at);
      return { kind: "agent", message, processId: null, eventId: null, attempt: null, run: null };
    },
    tellContainers(machineId, { started, stopped }) {
      const page = pageOf(machineId);
      collect(page.started, started);
      collect(page.stopped, stopped);
      if (page.started.size + page.stopped.size === 0) return undefined;
      if (now() - page.containersToldAt < containersToldEveryMs) return undefined;
      const message = describeChanges({ started: [...page.started], stopped: [...page.stopped] });
      page.started.clear();
      page.stopped.clear();
      page.containersToldAt = now();
      return diary.tell(machineId, message);
    },
    forget(machineId) {
      pages.delete(machineId);
    },
  };
  return diary;
}

/** One name too many is kept, so that the message can say that there were more. */
function collect(names: Set<string>, more: readonly string[]): void {
  for (const name of more) if (names.size <= namesToldMax) names.add(name);
}

/** `containers started: web, db; stopped: cache` */
export function describeChanges({ started, stopped }: ContainerChanges): string {
  const parts = [
    started.length > 0 ? `started: ${listNames(started)}` : "",
    stopped.length > 0 ? `stopped: ${listNames(stopped)}` : "",
  ];
  return `containers ${parts.filter(Boolean).join("; ")}`;
}

function listNames(names: readonly string[]): string {
  const told = names.slice(0, namesToldMax).map(cut);
  return told.join(", ") + (names.length > told.length ? " and more" : "");
}

export function cut(text: string): string {
  return text.length > keptCharactersMax ? `${text.slice(0, keptCharactersMax)}…` : text;
}
