// The call that makes a line with which a host joins.
import type { JoinView } from "../../api/join-view.ts";
import { ask } from "./ask.ts";

export const createJoinLine = (options: { labels?: Record<string, string>; expiresInMs?: number }) =>
  ask<JoinView>("POST", "/v1/join-tokens", { body: options });
