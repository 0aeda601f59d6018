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
  const directory = await mkdtemp(join(tmpdir(), "machine-relay-store-"));
  let store = await openStore({ ...options, directory });
  return {
    get store() {
      return store;
    },
    directory,
    async reopen(other = options) {
      await store.close();
      store = await openStore({ ...other, directory });
      return store;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
