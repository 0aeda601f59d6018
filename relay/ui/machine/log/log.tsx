// What a machine's programs printed: all that is kept, then each line as it comes.
import "./log.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { Problem } from "../../parts/problem.tsx";
import { announce } from "../../state/announcements.ts";
import { useProcessNames } from "../process-names.ts";
import type { LogState } from "./follow-log.ts";
import { LogChunk } from "./log-chunk.tsx";
import { describeFound, LogTools } from "./log-tools.tsx";
import { createSearch, nextMatch } from "./search.ts";
import { firstSeenLine, showLine, useFollowing } from "./use-following.ts";
import { useLog } from "./use-log.ts";

/** While somebody types, every letter would mark every line anew. */
const searchAfterMs = 150;

export function MachineLog({ machine }: { machine: MachineView }) {
  const { log, waiting, loading, isPaused, setPaused, reload, newest } = useLog(machine.id);
  const names = useProcessNames(machine.id, log.lastProcessId);
  const [typed, setTyped] = useState("");
  const query = useLater(typed, searchAfterMs);
  const search = useMemo(() => createSearch(query), [query]);
  const found = useMemo(() => log.chunks.flatMap((chunk) => search.linesIn(chunk)), [search, log]);
  const [current, setCurrent] = useState<number | null>(null);
  const [isOnlyFound, setOnlyFound] = useState(false);
  const [hasTimes, setTimes] = useState(false);
  const isFiltered = isOnlyFound && query !== "";
  const { region, content, isFollowing, setFollowing, missed, onScroll } = useFollowing(log, [isFiltered, hasTimes]);
  useEffect(() => {
    setCurrent(null);
    // Said once and not by a live region: while lines come the count changes all the time.
    if (query !== "") announce(describeFound(found, null));
  }, [query]);

  function go(step: 1 | -1): void {
    const here = current ?? firstSeenLine(region.current) - (step === 1 ? 1 : 0);
    const next = nextMatch(found, here, step);
    if (next === null) return;
    setFollowing(false);
    setCurrent(next);
    showLine(region.current, next);
    announce(describeFound(found, next));
  }

  return (
    <div class="log">
      <LogTools
        machine={machine}
        search={{ typed, onInput: setTyped, go, found: query === "" ? null : found, current }}
        only={{ is: isOnlyFound, set: setOnlyFound }}
        times={{ is: hasTimes, set: setTimes }}
        pause={{ is: isPaused, set: setPaused, waiting }}
        shown={() => [newest(), { only: isFiltered ? search : null, hasTimes }]}
      />
      {loading.state === "failed" && (
        <>
          <Problem error={loading.error} />
          <button type="button" class="log-again" onClick={reload}>
            Load the log again
          </button>
        </>
      )}
      <div class="log-frame">
        {/* A region that scrolls must be reachable by keyboard. It is no live region: nobody can listen to 200 lines a second. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <section class="log-region" tabIndex={0} aria-label="Log" ref={region} onScroll={onScroll}>
          <div class="log-content" ref={content}>
            {log.forgotten > 0 && (
              <div class="log-gap">
                {log.forgotten} older lines are not shown here. What is kept of them is in the download.
              </div>
            )}
            {log.chunks.map((chunk) => {
              const lines = search.linesIn(chunk);
              return (
                <LogChunk
                  key={chunk.key}
                  chunk={chunk}
                  query={lines.length > 0 ? query : ""}
                  only={isFiltered ? lines : null}
                  current={current !== null && lines.includes(current) ? current : null}
                  hasTimes={hasTimes}
                  names={names}
                />
              );
            })}
            {log.lineCount === 0 && <p class="log-empty">{whyEmpty(machine, loading.state)}</p>}
            {isFiltered && log.lineCount > 0 && found.length === 0 && <p class="log-empty">No line matches.</p>}
          </div>
        </section>
        {!isFollowing && (
          <button type="button" class="main log-follow" onClick={() => setFollowing(true)}>
            Follow{missed > 0 ? ` (${missed} new)` : ""}
          </button>
        )}
      </div>
    </div>
  );
}

function whyEmpty({ state }: MachineView, loading: LogState["state"]): string {
  if (loading === "loading") return "Loading…";
  if (loading === "failed") return "The log could not be loaded.";
  // Secrets might be in it, and all secrets of a machine go with it.
  if (state === "deleted") return "The log of a deleted machine is not kept. Its history is.";
  return "Nothing has been printed yet.";
}

/** The value once it has been the same for a while; an empty one at once. */
function useLater(value: string, afterMs: number): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    if (value === "") return setLater("");
    const timer = setTimeout(() => setLater(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return later;
}
