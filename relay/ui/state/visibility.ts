// Lets streams rest while nobody looks: browsers allow six connections for a host, and every tab would hold one.
import type { Stream } from "../client/event-stream.ts";

const restAfterMs = 30_000;

/** Pauses the stream when the tab has been hidden for a while; it resumes when somebody looks. Returns how to stop that. */
export function restWhileHidden(stream: Pick<Stream, "pause" | "resume">): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onChange = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") stream.resume();
    else timer = setTimeout(() => stream.pause(), restAfterMs);
  };
  document.addEventListener("visibilitychange", onChange);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onChange);
  };
}
