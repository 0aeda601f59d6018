// What time it is at the relay, ticking: relative times are counted from its clock, which may differ from this one.
import { signal } from "@preact/signals";

const second = 1000;

/** Milliseconds since 1970 at the relay; changes every second while the page is seen. */
export const now = signal(Date.now());
let aheadMs = 0;
let isKnown = false;

/** An event was sent at that time: it has just arrived, so their clocks differ by at most the way it took. */
export function hearTime(relayTime: number): void {
  const difference = relayTime - Date.now();
  // The quickest one on its way tells it best.
  if (isKnown && difference <= aheadMs) return;
  isKnown = true;
  aheadMs = difference;
}

export const relayNow = (): number => Date.now() + aheadMs;

setInterval(() => {
  if (document.visibilityState === "visible") now.value = relayNow();
}, second);
document.addEventListener("visibilitychange", () => {
  now.value = relayNow();
});
