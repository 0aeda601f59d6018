// What delete does: removes the machine at its provider, and says so only when that is known. Gone already is success;
// a provider that cannot be reached is not.

import { type EventMachine, outcomeUnknown } from "./contract.ts";
import { connectEngine, removeAgent } from "./docker-machine/agent-container.ts";
import { requireDriver } from "./docker-machine/drivers.ts";
import { type Job, openJob, requireMachineName } from "./docker-machine/machine-job.ts";
import { makesNothingAtProvider } from "./docker-machine/provider-id.ts";
import { removalMsMax, removeMachine } from "./docker-machine/removal.ts";
import type { Tools } from "./docker-machine/tools.ts";
import type { WorkContext, WorkFunction, WorkResult } from "./work.ts";
import { answerFailures, WorkFailure } from "./work-failure.ts";

const second = 1000;
/** For the agent of a host that stays. Best effort: a host that is off must not keep its machine from being forgotten. */
const agentMsMax = 20 * second;

export function buildDelete(tools: Tools): WorkFunction {
  return {
    async check({ data: { machine } }) {
      requireMachineName(machine);
      // A machine that never was can be deleted even if its driver never was.
      if (mayHaveMadeSomething(machine)) await requireDriver(tools, machine.driver);
    },
    work: (context) => answerFailures(() => deleteMachine(context, tools)),
  };
}

/** docker-machine writes its record, which is in the archive, before it asks the provider for anything. */
const mayHaveMadeSomething = ({ archive, unsettledMs }: EventMachine): boolean =>
  archive !== null || (unsettledMs ?? null) !== null;

async function deleteMachine(context: WorkContext, tools: Tools): Promise<WorkResult> {
  const { machine } = context.event.data;
  if (!mayHaveMadeSomething(machine)) return deleted(machine, "was never made");
  const job = await openJob(context, tools);
  if (makesNothingAtProvider(machine.driver)) {
    await leaveHost(job);
    return deleted(machine, "is deleted; its host stays");
  }
  context.progress(`Removing ${machine.name}`, null, "removing");
  const removal = await removeMachine(job, {
    unsettledMs: machine.unsettledMs ?? null,
    resolved: machine.resolved,
    waitsForCensus: true,
  });
  if (removal.outcome === "gone") return deleted(machine, "is deleted");
  const code = removal.outcome === "unknown" ? outcomeUnknown : "driver.failed";
  return { transitioning: "error", code, message: removal.message, machine: { archive: removal.archive } };
}

/** The host was there before the machine, and stays: what goes is our agent, and docker-machine's record. */
async function leaveHost(job: Job): Promise<void> {
  const { context, machine, storage } = job;
  if ((await storage.readRecord()) === null) return;
  context.progress("Removing the agent from the host", 30, "agent");
  const endsAt = performance.now() + agentMsMax;
  try {
    const client = await connectEngine(job, agentMsMax);
    await removeAgent(job, client, Math.max(1, endsAt - performance.now()));
  } catch (error) {
    if (!(error instanceof WorkFailure)) throw error;
    context.log("note", `The agent may still run on the host: ${error.message}`);
  }
  context.progress(`Removing ${machine.name}`, 80, "removing");
  await job.run(["rm", "-y", machine.machineName], { timeoutMs: removalMsMax });
  await storage.dropRecord();
}

const deleted = ({ name }: EventMachine, what: string): WorkResult => ({
  transitioning: "no",
  message: `${name} ${what}`,
  machine: { archive: null },
});
