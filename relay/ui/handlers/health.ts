// Does a handler work? From what a look at its URL found, or from whether anybody listens. Pure.
import type { CheckView, HandlerView } from "../../api/handler-view.ts";

export interface Health {
  icon: "active" | "working" | "waiting" | "error";
  tone: "good" | "busy" | "bad" | "ending" | "gone";
  word: string;
  /** What to know or to mend; null: nothing. */
  detail: string | null;
}

/** What the last look brought, of this URL; an error where the relay itself could not look. */
export type Look = { url: string; check: CheckView } | { url: string; error: string };

/** `look` undefined: nobody has looked yet. */
export function describeHealth(handler: Pick<HandlerView, "url" | "isHeard">, look: Look | undefined): Health {
  if (handler.url === null) {
    return handler.isHeard
      ? { icon: "active", tone: "good", word: "listening", detail: null }
      : { icon: "waiting", tone: "ending", word: "nobody listens", detail: "Machines wait here until somebody does." };
  }
  // One of another URL says nothing about this one.
  if (!look || look.url !== handler.url) return { icon: "working", tone: "gone", word: "looking…", detail: null };
  if ("error" in look) return { icon: "waiting", tone: "gone", word: "not known", detail: look.error };
  return describeCheck(look.check);
}

export function describeCheck(check: CheckView): Health {
  const { isReachable, isReady, problem } = check;
  if (isGood(check)) {
    // Then a lost connection may hold a machine until its deadline.
    const detail =
      check.keepsLeases === false ? "It keeps no leases: a lost run is waited for until its deadline." : null;
    return { icon: "active", tone: "good", word: "healthy", detail };
  }
  if (!isReachable) return { icon: "error", tone: "bad", word: "unreachable", detail: problem };
  if (isReady === false) return { icon: "error", tone: "bad", word: "not ready", detail: problem };
  return { icon: "error", tone: "bad", word: "not usable", detail: problem };
}

/** Would it be used without a second thought? */
export function isGood({ isReachable, isReady, problem }: CheckView): boolean {
  return isReachable && isReady === true && problem === null;
}
