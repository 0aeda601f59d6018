// Lets the units of one turn of the event loop share one transaction, each in its own savepoint: one fsync for all of them.
import type { DatabaseSync } from "node:sqlite";
import { RelayError } from "../errors.ts";
import { asStoreError } from "./sqlite.ts";

/**
 * So many share one commit at most; the others follow in the next turn, after the loop has served its sockets. Each may
 * have a few events published, all in this turn: together they must fit into the backlog of a subscriber who is not slow.
 */
export const unitsPerCommitMax = 200;
/** More than this is a fault somewhere; a unit past it is refused. */
export const unitsWaitingMax = 100_000;

export interface GroupCommit {
  /**
   * Runs a synchronous unit in the transaction of this turn. Resolves after the commit.
   * Rejects with what the unit threw, which undoes this unit alone, or with `store.failed` for the whole group.
   */
  run<T>(unit: () => T): Promise<T>;
  /** Commits what is waiting, now. */
  flush(): void;
}

interface Waiting {
  unit: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export function createGroupCommit(database: DatabaseSync): GroupCommit {
  // Prepared once: these five run more often than all others.
  const begin = database.prepare("BEGIN IMMEDIATE");
  const savepoint = database.prepare("SAVEPOINT unit");
  const keep = database.prepare("RELEASE unit");
  const undo = database.prepare("ROLLBACK TO unit");
  const commit = database.prepare("COMMIT");

  let waiting: Waiting[] = [];
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(commitWaiting);
  }

  function commitWaiting(): void {
    isScheduled = false;
    if (waiting.length === 0) return;
    const group = waiting.slice(0, unitsPerCommitMax);
    waiting = waiting.slice(unitsPerCommitMax);
    if (waiting.length > 0) schedule();

    const settlements: (() => void)[] = [];
    try {
      begin.run();
      for (const entry of group) settlements.push(runInSavepoint(entry));
      commit.run();
    } catch (cause) {
      rollBack();
      const error = asStoreError(cause);
      for (const entry of group) entry.reject(error);
      return;
    }
    for (const settle of settlements) settle();
  }

  /** A failed COMMIT leaves its transaction open; a full disk has ended it already. */
  function rollBack(): void {
    if (!database.isTransaction) return;
    try {
      database.exec("ROLLBACK");
    } catch {
      // Then the next BEGIN fails and says so to its units: nothing is acknowledged that is not on disk.
    }
  }

  /** @returns what to tell its caller once the group is committed. */
  function runInSavepoint(entry: Waiting): () => void {
    savepoint.run();
    try {
      const value = entry.unit();
      keep.run();
      return () => entry.resolve(value);
    } catch (error) {
      // Some failures (disk full, I/O) end the whole transaction, and with it the work of all units before this one.
      if (!database.isTransaction) throw error;
      undo.run();
      keep.run();
      return () => entry.reject(asStoreError(error));
    }
  }

  return {
    run<T>(unit: () => T): Promise<T> {
      if (waiting.length >= unitsWaitingMax) {
        return Promise.reject(
          new RelayError("store.failed", { message: `More than ${unitsWaitingMax} units wait for the store` }),
        );
      }
      return new Promise<T>((resolve, reject) => {
        waiting.push({ unit, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    flush() {
      while (waiting.length > 0) commitWaiting();
    },
  };
}
