// A real store in a directory of its own: `await using temporary = await openTemporaryStore()`, then `temporary.store`.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type StoreOptions } from "../../../relay/store/open.ts";
import type { Store } from "../../../relay/store/types.ts";

export interface TemporaryStore extends AsyncDisposable {
  /** The open store; another one after `reopen`. */
  readonly store: Store;
  readonly directory: string;
  /** Closes the store and opens it again on the same directory, as a restart does. */
  reopen(options?: Omit<StoreOptions, "directory">): Promise<Store>;
}

export async function openTemporaryStore(options: Omit<StoreOptions, "directory"> = {}): Promise<TemporaryStore> {
  const directory = await temporaryDirectory();
  let store = await openStore({ ...options, directory: directory.path });
  return {
    get store() {
      return store;
    },
    directory: directory.path,
    async reopen(other = options) {
      await store.close();
      store = await openStore({ ...other, directory: directory.path });
      return store;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** An empty directory that goes with its test. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "machine-relay-store-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
