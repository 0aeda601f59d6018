// Listens to the whole bus for as long as the view is there, and draws what comes a few times a second at most.
import { useEffect, useRef, useState } from "preact/hooks";
import { openStream } from "../client/event-stream.ts";
import { hearTime, relayNow } from "../state/clock.ts";
import { machineById } from "../state/machines.ts";
import { addNewest, countNames, eventsMax, type Kept, logName, machineNameIn } from "./kept-events.ts";

const drawEveryMs = 250;

interface Heard {
  /** Newest first. */
  kept: readonly Kept[];
  /** How many of each name came since the view was opened. */
  counts: ReadonlyMap<string, number>;
  total: number;
}

const nothing: Heard = { kept: [], counts: new Map(), total: 0 };

export interface Events {
  shown: readonly Kept[];
  counts: Heard["counts"];
  isConnected: boolean;
  isPaused: boolean;
  /** Came while it was paused. */
  waiting: number;
  pause(): void;
  resume(): void;
  clear(): void;
}

/** `isLogWanted`: lines of output are many, and would push all else out. */
export function useEvents(isLogWanted: boolean): Events {
  const [heard, setHeard] = useState(nothing);
  const [paused, setPaused] = useState<Heard | null>(null);
  const [isConnected, setConnected] = useState(false);
  const wantsLog = useRef(isLogWanted);
  wantsLog.current = isLogWanted;

  useEffect(() => {
    let incoming: Kept[] = [];
    let drawing: ReturnType<typeof setTimeout> | undefined;
    let number = 0;
    let isFirst = true;
    const draw = () => {
      drawing = undefined;
      const came = incoming;
      incoming = [];
      // Counted, and not kept, so that the log's lines do not push all else out.
      const worth = came.filter((each) => each.kind === "gap" || each.event.name !== logName || wantsLog.current);
      setHeard(({ kept, counts, total }) => ({
        kept: addNewest(kept, worth),
        counts: countNames(counts, came),
        total: total + worth.length,
      }));
    };
    const take = (each: Kept) => {
      incoming.push(each);
      // A hidden tab draws seldom.
      if (incoming.length > 2 * eventsMax) incoming.splice(0, eventsMax);
      drawing ??= setTimeout(draw, drawEveryMs);
    };
    const stream = openStream({
      names: ["*"],
      onEvent(event) {
        hearTime(event.time);
        const known = event.resourceId === null ? undefined : machineById(event.resourceId)?.name;
        number += 1;
        // Not by its id: an event that is fired again is the same event.
        take({ kind: "event", key: number, event, machineName: machineNameIn(event) ?? known ?? null });
      },
      onOpen({ missed }) {
        setConnected(true);
        if (missed && !isFirst) {
          number += 1;
          take({ kind: "gap", key: number, at: relayNow() });
        }
        isFirst = false;
      },
      onLost: () => setConnected(false),
    });
    return () => {
      stream.close();
      clearTimeout(drawing);
    };
  }, []);

  return {
    shown: (paused ?? heard).kept,
    counts: heard.counts,
    isConnected,
    isPaused: paused !== null,
    waiting: paused === null ? 0 : heard.total - paused.total,
    pause: () => setPaused(heard),
    resume: () => setPaused(null),
    clear() {
      setHeard((old) => ({ ...old, kept: [] }));
      if (paused) setPaused({ ...heard, kept: [] });
    },
  };
}
