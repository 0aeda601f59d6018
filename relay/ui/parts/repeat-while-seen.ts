// Does something again and again for as long as somebody looks at the page, and at once when they look again.

/** After one that failed in a way that nobody expected. */
const afterFailureMs = 10_000;

export interface Repetition {
  /** Now, and then as usual. */
  hurry(): void;
  stop(): void;
}

/** `work` resolves with how long to wait until the next time. Never two at once. */
export function repeatWhileSeen(work: () => Promise<number>): Repetition {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWorking = false;
  let isHurried = false;
  let isStopped = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (isStopped || document.visibilityState !== "visible") return;
    if (isWorking) {
      isHurried = true;
      return;
    }
    isWorking = true;
    const waitMs = await work().catch(() => afterFailureMs);
    isWorking = false;
    if (isStopped) return;
    timer = setTimeout(run, isHurried ? 0 : waitMs);
    isHurried = false;
  }

  const onChange = () => void run();
  document.addEventListener("visibilitychange", onChange);
  void run();
  return {
    hurry: onChange,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onChange);
    },
  };
}
