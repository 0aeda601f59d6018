// The agent of a simulated host: registers, reports, and hears when to report or to leave, as the relay's script does on
// a real one. Ends by itself when the relay says that its machine is gone, when its VM is gone, or its container.
// Arguments: the cloud's directory, the VM's id, the container's name and id. Environment: MACHINE_RELAY_SCRIPT_URL, and
// MACHINE_RELAY_REPORT_MS, which overrules how often the relay wants to hear.
import { appendFileSync, statSync, utimesSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type Cloud, findVm, type VirtualMachine, vmDirectory } from "./cloud.ts";
import { containerFile, findContainer, listContainers, logFile, removeContainer } from "./engine/container.ts";
import { describeRow } from "./engine/describe.ts";
import type { Engine } from "./engine/engine.ts";
import { signOfLifeEveryMs } from "./engine/liveness.ts";
import { type Answer, connectToRelay } from "./engine/relay.ts";
import { engineVersion } from "./orders.ts";

const reportEveryMsDefault = 5_000;
const containersMax = 500;
const logBytesMax = 64 * 1024;
const scriptsPath = "/v1/scripts/";

const [directory, vmId, containerName, containerId] = process.argv.slice(2) as [string, string, string, string];
const cloud: Cloud = { directory };
const vm = findVm(cloud, vmId) ?? end();
const engine: Engine = { cloud, vm, host: "", directory: vmDirectory(cloud, vm.id) };
const orderedReportMs = Number(process.env.MACHINE_RELAY_REPORT_MS) || null;

setInterval(liveOn, signOfLifeEveryMs);
liveOn();
// A silent one lives, and says nothing.
if (vm.agent === "ok") await talk(process.env.MACHINE_RELAY_SCRIPT_URL ?? "", vm);

async function talk(scriptUrl: string, { id, name }: VirtualMachine): Promise<void> {
  const at = scriptUrl.lastIndexOf(scriptsPath);
  if (at === -1) {
    say(`MACHINE_RELAY_SCRIPT_URL must hold ${scriptsPath}, got a text without it.`);
    return;
  }
  const relay = connectToRelay(scriptUrl.slice(0, at));
  let token = scriptUrl.slice(at + scriptsPath.length);
  let reportEveryMs = orderedReportMs ?? reportEveryMsDefault;
  let isRegistered = false;
  let isListening = false;
  let isToldToLeave = false;
  let running = new Set<string>();
  let nap = new AbortController();

  const send = async (what: "register" | "report" | "leave", body: Record<string, unknown>): Promise<Answer | null> => {
    try {
      const answer = await relay.post(what, { token, ...body });
      if (answer.status === 410) leaveForEver();
      if (answer.status === 200) return answer;
      say(`The relay did not take the ${what}: ${answer.status}.`);
    } catch (error) {
      const { message, cause } = error as Error;
      say(`The relay did not take the ${what}: ${cause instanceof Error ? cause.message : message}.`);
    }
    return null;
  };

  const register = async () => {
    const answer = await send("register", { engineId: id, name, engineVersion });
    if (answer === null) return;
    isRegistered = true;
    if (typeof answer.body.token === "string") token = answer.body.token;
    if (typeof answer.body.reportEveryMs === "number") reportEveryMs = orderedReportMs ?? answer.body.reportEveryMs;
    say("Registered.");
  };

  const report = async () => {
    const containers = readContainers();
    const now = new Set(containers.filter(({ state }) => state === "running").map((container) => container.name));
    const [started, stopped] = [[...now.difference(running)], [...running.difference(now)]];
    if ((await send("report", { engineVersion, containers, started, stopped })) === null) return;
    running = now;
    if (!isListening) void listen();
  };

  const listen = async () => {
    isListening = true;
    await relay.listen(token, (request) => {
      if (request === "leave") isToldToLeave = true;
      nap.abort();
    });
    isListening = false;
  };

  for (;;) {
    // Woken from here on: what is asked while a report is on its way is done after it.
    nap = new AbortController();
    if (!isRegistered) await register();
    if (isRegistered) await report();
    if (isToldToLeave) {
      await send("leave", {});
      leaveForEver();
    }
    await wait(reportEveryMs, undefined, { signal: nap.signal }).catch(() => undefined);
  }
}

function readContainers(): { id: string; name: string; image: string; state: string }[] {
  return listContainers(engine)
    .slice(0, containersMax)
    .map((container) => describeRow(engine, container, true))
    .map((row) => ({ id: row.ID, name: row.Names, image: row.Image, state: row.State }));
}

/** Shows that it lives, as long as there is something to live for. */
function liveOn(): void {
  if (findVm(cloud, vmId) === null || findContainer(engine, containerName)?.id !== containerId) end();
  try {
    const now = new Date();
    utimesSync(containerFile(engine, containerName), now, now);
  } catch {
    // It went away just now: seen at the next look.
  }
}

/** `docker rm --force` of itself, as the script does. */
function leaveForEver(): never {
  const own = findContainer(engine, containerName);
  if (own?.id === containerId) removeContainer(engine, own);
  end();
}

function end(): never {
  process.exit(0);
}

/** Read by `docker logs`. */
function say(words: string): void {
  const file = logFile(engine, containerName);
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) return;
    appendFileSync(file, `${new Date().toISOString()} ${words}\n`, { mode: 0o600 });
  } catch {
    // Its VM is gone, and nobody reads.
  }
}
