// Ours are there from the start: create, bootstrap and delete, with URLs from the environment.
import type { RelayConfig } from "./config.ts";
import { lifecycles, ownHandlerOrder, requiredHandlers } from "./process-server/lifecycles.ts";
import type { Store } from "./store/types.ts";

/** A row that somebody changed by API is left alone; one that the environment made follows the environment. */
export async function seedHandlers(store: Store, config: RelayConfig, now: number): Promise<void> {
  const rows = new Map((await store.listHandlers()).map((handler) => [handler.name, handler]));
  for (const name of requiredHandlers) {
    const row = rows.get(name);
    const url = config[`${name}Url`] ?? `${config.functionsUrl}/${name}`;
    if (row && (row.source === "api" || row.url === url)) continue;
    await store.putHandler({
      name,
      event: lifecycles[name].event,
      order: ownHandlerOrder,
      url,
      keyHash: null,
      source: "environment",
      updatedAt: now,
    });
  }
}
