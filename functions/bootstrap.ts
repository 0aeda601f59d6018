// What bootstrap does: starts the agent's container on the new host. Running it twice leaves one agent.
import { connectEngine, startAgent } from "./docker-machine/agent-container.ts";
import { requireDriver } from "./docker-machine/drivers.ts";
import { openJob, requireMachineName } from "./docker-machine/machine-job.ts";
import type { Tools } from "./docker-machine/tools.ts";
import { FunctionProblem } from "./problem.ts";
import type { WorkContext, WorkFunction, WorkResult } from "./work.ts";
import { answerFailures, WorkFailure } from "./work-failure.ts";

const minute = 60 * 1000;
const connectMsMax = 2 * minute;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function buildBootstrap(tools: Tools): WorkFunction {
  return {
    async check({ data: { machine, agent } }) {
      requireMachineName(machine);
      if (agent === undefined) throw invalid("data.agent", "what to start on the machine", "nothing");
      for (const name of Object.keys(agent.environment)) {
        if (!variableName.test(name))
          throw invalid("data.agent.environment", "names of variables", JSON.stringify(name));
      }
      // The client would take it for an option.
      if (agent.image.startsWith("-")) throw invalid("data.agent.image", "the name of an image", agent.image);
      await requireDriver(tools, machine.driver);
    },
    work: (context) => answerFailures(() => bootstrap(context, tools)),
  };
}

async function bootstrap(context: WorkContext, tools: Tools): Promise<WorkResult> {
  const { machine, agent } = context.event.data;
  if (agent === undefined)
    throw new WorkFailure("event.invalid", "The event does not say what to start on the machine");
  if (machine.archive === null) {
    throw new WorkFailure("archive.none", "The machine has no archive, so that its engine cannot be reached");
  }
  const job = await openJob(context, tools);
  context.progress("Connecting to the machine's Docker engine", 10, "connecting");
  const client = await connectEngine(job, connectMsMax);
  context.progress("Looking for the agent", 20, "agent");
  await startAgent(job, client, agent);
  context.progress("The agent's container runs", 100, "agent");
  return { transitioning: "no", message: `The agent runs on ${machine.name}`, machine: {} };
}

function invalid(field: string, expected: string, got: string): FunctionProblem {
  const detail = `${field} must be ${expected}, got ${got}`;
  return new FunctionProblem({ status: 422, code: "event.invalid", detail, field, expected, got });
}
