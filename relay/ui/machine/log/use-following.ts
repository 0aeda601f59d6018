// Keeps the end of the log in view for as long as the reader is there, and leaves them alone where they have scrolled to.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LogLines } from "./log-lines.ts";

/** Sizes are fractions of pixels: so near is at the end. */
const endPixels = 4;

/** `keys`: what else changes the height of the lines. */
export function useFollowing(log: LogLines, keys: readonly unknown[]) {
  const region = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const isFollowingNow = useRef(true);
  /** So many lines had come when the following stopped. */
  const [takenThen, setTakenThen] = useState(0);
  const lastTop = useRef(0);

  function change(isWanted: boolean): void {
    if (isFollowingNow.current === isWanted) return;
    isFollowingNow.current = isWanted;
    setFollowing(isWanted);
    setTakenThen(log.taken);
    if (isWanted) goToEnd();
  }

  function goToEnd(): void {
    const element = region.current;
    if (!element || !isFollowingNow.current) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }

  useLayoutEffect(goToEnd, [log, ...keys]);
  useEffect(() => {
    // Chunks get their real height when they are first drawn, and lines break anew when the window changes.
    const observer = new ResizeObserver(goToEnd);
    if (content.current) observer.observe(content.current);
    if (region.current) observer.observe(region.current);
    return () => observer.disconnect();
  }, []);

  function onScroll(): void {
    const element = region.current;
    if (!element) return;
    const top = element.scrollTop;
    const isAtEnd = element.scrollHeight - top - element.clientHeight <= endPixels;
    // Only a move upwards is the reader's: the end moves away by itself when lines come.
    if (isAtEnd) change(true);
    else if (top < lastTop.current) change(false);
    lastTop.current = top;
  }

  return { region, content, isFollowing, setFollowing: change, missed: log.taken - takenThen, onScroll };
}

/** Leads the reader to a line. */
export function showLine(region: HTMLElement | null, number: number): void {
  const show = () => region?.querySelector(`[data-number="${number}"]`)?.scrollIntoView({ block: "center" });
  show();
  // Chunks on the way had no height of their own yet: once they have, the line is somewhere else.
  requestAnimationFrame(show);
}

/** The number of the topmost line that the reader sees; 0: there is none. */
export function firstSeenLine(region: HTMLElement | null): number {
  if (!region) return 0;
  const { top } = region.getBoundingClientRect();
  const isSeen = (element: Element) => element.getBoundingClientRect().bottom > top;
  const chunk = [...region.querySelectorAll(".log-chunk")].find(isSeen);
  const line = chunk && [...chunk.querySelectorAll<HTMLElement>(".log-line")].find(isSeen);
  return Number(line?.dataset.number ?? 0);
}
