// One request that a button sends: whether it is under way, and what went wrong with the last one.
import { useState } from "preact/hooks";

export interface Request {
  isBusy: boolean;
  /** Undefined: none, or it went well. */
  error: unknown;
  /** Says whether it went well. */
  send(call: () => Promise<unknown>): Promise<boolean>;
  /** What went wrong is being mended. */
  forget(): void;
}

export function useRequest(): Request {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    isBusy,
    error,
    async send(call) {
      setBusy(true);
      setError(undefined);
      try {
        await call();
        return true;
      } catch (problem) {
        setError(problem);
        return false;
      } finally {
        setBusy(false);
      }
    },
    forget: () => setError(undefined),
  };
}
