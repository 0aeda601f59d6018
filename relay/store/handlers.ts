// The table of handlers: who must reply to an event, in which order, and where.
import type { DatabaseSync } from "node:sqlite";
import type { Handler } from "./types.ts";

interface HandlerRow {
  name: string;
  event: string;
  order: number;
  url: string | null;
  key_hash: string | null;
  source: Handler["source"];
  updated_at: number;
}

export function createHandlerTable(database: DatabaseSync) {
  const select = database.prepare(
    'SELECT name, event, "order", url, key_hash, source, updated_at FROM handlers ORDER BY event, "order", name',
  );
  const upsert = database.prepare(`
    INSERT INTO handlers (name, event, "order", url, key_hash, source, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET event = excluded.event, "order" = excluded."order", url = excluded.url,
      key_hash = excluded.key_hash, source = excluded.source, updated_at = excluded.updated_at`);
  const remove = database.prepare("DELETE FROM handlers WHERE name = ?");

  return {
    /** By event, then in the order in which they reply. */
    list: (): Handler[] => (select.all() as unknown as HandlerRow[]).map(toHandler),
    put: (handler: Handler) =>
      void upsert.run(
        handler.name,
        handler.event,
        handler.order,
        handler.url,
        handler.keyHash,
        handler.source,
        handler.updatedAt,
      ),
    /** @returns whether it was there */
    remove: (name: string): boolean => Number(remove.run(name).changes) > 0,
  };
}

const toHandler = (row: HandlerRow): Handler => ({
  name: row.name,
  event: row.event,
  order: row.order,
  url: row.url,
  keyHash: row.key_hash,
  source: row.source,
  updatedAt: row.updated_at,
});
