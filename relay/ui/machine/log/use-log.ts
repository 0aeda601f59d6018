// The lines of a machine for as long as a view wants them: collected as they come, drawn a few times a second.
import { useEffect, useRef, useState } from "preact/hooks";
import type { LogLineView } from "../../../api/machine-records-view.ts";
import { openStream } from "../../client/event-stream.ts";
import { listLog } from "../../client/records.ts";
import { followLog, type LogFollower, type LogState } from "./follow-log.ts";
import { addLines, type LogLines, noLines } from "./log-lines.ts";

/** However many lines come, the log is drawn at most this often. */
const drawEveryMs = 200;

export interface UsedLog {
  /** As it is drawn. */
  log: LogLines;
  /** So many have come that are not drawn, because the drawing is paused. */
  waiting: number;
  loading: LogState;
  isPaused: boolean;
  setPaused(isPaused: boolean): void;
  reload(): void;
  /** All that are here, drawn or not. */
  newest(): LogLines;
}

export function useLog(machineId: string): UsedLog {
  const [log, setLog] = useState(noLines);
  const [waiting, setWaiting] = useState(0);
  const [loading, setLoading] = useState<LogState>({ state: "loading" });
  const [isPaused, setPaused] = useState(false);
  const newest = useRef(noLines);
  const isPausedNow = useRef(false);
  const follower = useRef<LogFollower | null>(null);

  useEffect(() => {
    let collected: LogLineView[][] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let drawn = noLines;
    newest.current = noLines;
    setLog(noLines);
    const draw = () => {
      timer = undefined;
      for (const lines of collected) newest.current = addLines(newest.current, lines);
      collected = [];
      if (!isPausedNow.current) {
        drawn = newest.current;
        setLog(drawn);
      }
      setWaiting(newest.current.taken - drawn.taken);
    };
    const current = followLog({
      list: (after) => listLog(machineId, after),
      onLines(lines) {
        collected.push(lines);
        timer ??= setTimeout(draw, drawEveryMs);
      },
      onState(state) {
        // What was loaded is seen before it is said that this was all.
        if (state.state !== "loading" && !isPausedNow.current) {
          clearTimeout(timer);
          draw();
        }
        setLoading(state);
      },
    });
    follower.current = current;
    current.load();
    const stream = openStream({
      names: ["resource.log"],
      resourceId: machineId,
      onEvent: ({ data }) => current.hear((data as { lines: LogLineView[] }).lines),
      onOpen({ missed }) {
        if (missed) current.load();
      },
    });
    return () => {
      clearTimeout(timer);
      current.stop();
      stream.close();
    };
  }, [machineId]);

  return {
    log,
    waiting,
    loading,
    isPaused,
    setPaused(isWanted) {
      isPausedNow.current = isWanted;
      setPaused(isWanted);
      if (isWanted) return;
      setLog(newest.current);
      setWaiting(0);
    },
    reload: () => follower.current?.load(),
    newest: () => newest.current,
  };
}
