// The calls about handlers: who answers which event.
import type { CheckView, HandlerView } from "../../api/handler-view.ts";
import { ask } from "./ask.ts";

const pathOf = (name: string) => `/v1/handlers/${encodeURIComponent(name)}`;

/** In the order in which they are asked. */
export const listHandlers = async () => (await ask<{ data: HandlerView[] }>("GET", "/v1/handlers")).data;

export const putHandler = (
  name: string,
  row: { event?: string; order?: number; url?: string | null; key?: string | null },
) => ask<HandlerView>("PUT", pathOf(name), { body: row });

export const deleteHandler = (name: string) => ask<null>("DELETE", pathOf(name));

/** Tries the URL: the one that is given, before it is used, or the handler's own. */
export const checkHandler = (name: string, url?: string) =>
  ask<CheckView>("POST", `${pathOf(name)}/check`, url === undefined ? {} : { body: { url } });
