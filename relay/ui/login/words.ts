// What is said of a key, before it is sent and after. Pure.
import type { ApiError } from "../client/ask.ts";

/** Why these characters can be no key; undefined: they may be one. */
export function describeMistyped(key: string): string | undefined {
  if (key === "") return "Type or paste a key.";
  // A header takes no others.
  if (!/^[\x21-\x7e]+$/.test(key)) return "A key has no spaces, and only plain characters.";
  return undefined;
}

/** Why the relay did not take the key that was typed. */
export function describeRefused(error: Pick<ApiError, "code" | "message" | "got">): string {
  switch (error.code) {
    case "key.wrong":
      return "This key opens nothing here.";
    case "key.notAllowed":
      return /handler/.test(error.got ?? "")
        ? "This is a handler's key. It opens that handler's events, and not this page."
        : "This is an agent's token. It opens its own host's events, and not this page.";
    default:
      return error.message;
  }
}
