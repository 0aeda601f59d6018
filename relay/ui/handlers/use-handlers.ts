// The handlers as they are now: their rows and counts again and again while somebody looks, their health now and then.
import { useEffect, useRef, useState } from "preact/hooks";
import type { HandlerView } from "../../api/handler-view.ts";
import { checkHandler, listHandlers } from "../client/handlers.ts";
import { messageOf } from "../parts/problem.tsx";
import { type Repetition, repeatWhileSeen } from "../parts/repeat-while-seen.ts";
import { runEach } from "../parts/run-each.ts";
import { refusal } from "../state/session.ts";
import { pollAfterMs } from "./counts.ts";
import type { Look } from "./health.ts";

const second = 1000;
const lookEveryMs = 30 * second;
/** A browser has six connections for the relay, and needs some of them. */
const looksAtOnceMax = 3;

export interface Handlers {
  /** Undefined: not asked yet. */
  handlers: HandlerView[] | undefined;
  /** Why the newest are not to be had; what is shown may be old. */
  error: unknown;
  looks: ReadonlyMap<string, Look>;
  /** Somebody changed something: shows it at once, and looks closely for a while. */
  noteChange(): void;
}

export function useHandlers(): Handlers {
  const [handlers, setHandlers] = useState<HandlerView[]>();
  const [error, setError] = useState<unknown>();
  const changedAt = useRef<number | null>(null);
  const polling = useRef<Repetition>(undefined);
  const isRefused = refusal.value !== null;

  useEffect(() => {
    if (isRefused) return;
    const repetition = repeatWhileSeen(async () => {
      let listed: HandlerView[] = [];
      try {
        listed = await listHandlers();
        setHandlers(listed);
        setError(undefined);
      } catch (problem) {
        setError(problem);
      }
      return pollAfterMs(listed, changedAt.current, Date.now());
    });
    polling.current = repetition;
    return repetition.stop;
  }, [isRefused]);

  return {
    handlers,
    error,
    looks: useLooks(handlers ?? [], isRefused),
    noteChange() {
      changedAt.current = Date.now();
      polling.current?.hurry();
    },
  };
}

/** By name. Looks at once where a URL is new, and at all of them every half a minute. */
function useLooks(handlers: readonly HandlerView[], isRefused: boolean): ReadonlyMap<string, Look> {
  const [looks, setLooks] = useState<ReadonlyMap<string, Look>>(new Map());
  const called = handlers.flatMap(({ name, url }) => (url === null ? [] : [{ name, url }]));
  const wanted = JSON.stringify(called);
  useEffect(() => {
    if (isRefused) return;
    let isCurrent = true;
    const repetition = repeatWhileSeen(async () => {
      const lookAt = async ({ name, url }: (typeof called)[number]): Promise<void> => {
        if (!isCurrent) return;
        const look = await checkHandler(name).then(
          (check) => ({ url, check }),
          (problem: unknown) => ({ url, error: messageOf(problem) }),
        );
        if (isCurrent) setLooks((before) => new Map(before).set(name, look));
      };
      await runEach(called, lookAt, looksAtOnceMax);
      return lookEveryMs;
    });
    return () => {
      isCurrent = false;
      repetition.stop();
    };
  }, [wanted, isRefused]);
  return looks;
}
