// Loads something for as long as a view wants it, and again when asked: one way for all views that ask the API once.
import { useCallback, useEffect, useState } from "preact/hooks";
import { refusal } from "../state/session.ts";

export type Loaded<T> =
  | { state: "loading"; value: undefined; error: undefined }
  | { state: "ready"; value: T; error: undefined }
  /** `value`: the last good one, if there was one. */
  | { state: "failed"; value: T | undefined; error: unknown };

/** `keys`: what the answer depends on. While it is loaded again the last value stays. */
export function useLoaded<T>(load: () => Promise<T>, keys: readonly unknown[]): [Loaded<T>, reload: () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading", value: undefined, error: undefined });
  const [round, setRound] = useState(0);
  const isRefused = refusal.value !== null;
  useEffect(() => {
    // What is shown stays while somebody logs in again.
    if (isRefused) return;
    let isCurrent = true;
    load().then(
      (value) => isCurrent && setLoaded({ state: "ready", value, error: undefined }),
      (error: unknown) => isCurrent && setLoaded(({ value }) => ({ state: "failed", value, error })),
    );
    return () => {
      isCurrent = false;
    };
  }, [...keys, round, isRefused]);
  return [loaded, useCallback(() => setRound((old) => old + 1), [])];
}
