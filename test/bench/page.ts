// `npm run bench:page [minutes]`: 1 000 machines with 50 changes a second in a real browser: does the list stay fluid, and
// the tab's memory flat? Long tasks are compared with those of the same page while nothing changes.
import { build } from "vite";
import { findBrowser } from "../page/browser.ts";
import { openStage } from "../page/stage.ts";
import { inParallel } from "./in-parallel.ts";

const machines = 1_000;
const changesPerSecond = 50;
const minutes = Number(process.argv[2] ?? 10);
const quietSeconds = 30;
const longTaskMs = 50;

/** Runs in the page. */
const collectLongTasks = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
  }).observe({ type: "longtask" });`;

const browserPath = findBrowser();
if (!browserPath) throw new Error("there is no Chromium on PATH (or in CHROMIUM)");
await build({ configFile: new URL("../../relay/ui/vite.config.ts", import.meta.url).pathname });
const stage = await openStage(browserPath);
const print = (name: string, value: string) => process.stdout.write(`${name.padEnd(46)} ${value}\n`);
try {
  const { client, browser, relay } = stage;
  // Nobody makes them: a handler that never comes leaves all of them waiting, and the functions idle.
  await client.ask("PUT", "/v1/handlers/create", { event: "machine.create", order: 100, url: null });
  const ids: string[] = [];
  await inParallel(machines, 20, async (number) => {
    const { id } = await client.create({ name: `bench-${number}`, driver: "simulated" });
    ids.push(id);
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript({ content: collectLongTasks });
  await page.goto(relay.url);
  await page.getByRole("row").nth(20).waitFor();
  const session = await context.newCDPSession(page);
  const heapMegabytes = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize / 1024 / 1024;
  };
  const takeLongTasks = () =>
    page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
  const cpuSeconds = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  await session.send("Performance.enable");

  await takeLongTasks();
  const quietFrom = await cpuSeconds();
  await page.waitForTimeout(quietSeconds * 1000);
  const quiet = await takeLongTasks();
  const quietCpu = (await cpuSeconds()) - quietFrom;
  print("nothing changes", describe(quiet, quietSeconds, quietCpu));

  const heaps = [await heapMegabytes()];
  const until = performance.now() + minutes * 60_000;
  let changes = 0;
  const busyFrom = await cpuSeconds();
  const startedAt = performance.now();
  const change = setInterval(() => {
    // Ten at once, five times a second and not evenly: as machines do.
    for (let index = 0; index < changesPerSecond / 5; index++) {
      changes += 1;
      const id = ids[(changes * 7) % ids.length];
      client.ask("PATCH", `/v1/machines/${id}`, { labels: { change: String(changes) } }).catch(() => {});
    }
  }, 200);
  await takeLongTasks();
  const tasks: number[] = [];
  while (performance.now() < until) {
    await page.waitForTimeout(Math.min(60_000, Math.max(0, until - performance.now())));
    // Before the heap is looked at: collecting all of it is a long task of ours.
    tasks.push(...(await takeLongTasks()));
    heaps.push(await heapMegabytes());
    await takeLongTasks();
  }
  clearInterval(change);
  const seconds = (performance.now() - startedAt) / 1000;
  print(
    `${machines} machines, ${Math.round(changes / seconds)} changes/s`,
    describe(tasks, seconds, (await cpuSeconds()) - busyFrom),
  );
  print("heap after each minute, MB", heaps.map((heap) => heap.toFixed(1)).join(" "));
  print("heap, last / first", (heaps.at(-1)! / heaps[0]!).toFixed(2));
} finally {
  await stage.remove();
}

function describe(tasks: number[], seconds: number, cpuSeconds: number): string {
  const longest = Math.max(0, ...tasks);
  const share = ((100 * cpuSeconds) / seconds).toFixed(1);
  return `${tasks.length} tasks over ${longTaskMs} ms in ${Math.round(seconds)} s, longest ${Math.round(longest)} ms, main thread busy ${share} %`;
}
