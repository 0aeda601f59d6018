// An event in a few words: what one looks for in a list of them. Pure.
import type { BusEvent } from "../client/bus-event.ts";

const charactersMax = 300;

type Data = Record<string, unknown>;

export function summarize(event: BusEvent): string {
  const data = isObject(event.data) ? event.data : {};
  const words = describe(event, data)
    .filter((word) => word !== "")
    .join(" · ");
  return words.length > charactersMax ? `${words.slice(0, charactersMax)}…` : words;
}

function describe(event: BusEvent, data: Data): string[] {
  switch (event.name) {
    case "resource.change": {
      const machine = isObject(data.machine) ? data.machine : {};
      const progress = machine.transitioningProgress;
      return [
        text(machine.state),
        text(machine.stage),
        typeof progress === "number" ? `${Math.round(progress)} %` : "",
        text(machine.transitioningMessage),
        // A host at rest says so every few seconds.
        machine.state === "active" && isObject(machine.agent) ? `agent ${text(machine.agent.state)}` : "",
      ];
    }
    case "resource.log": {
      const lines = Array.isArray(data.lines) ? data.lines : [];
      const last = lines.at(-1);
      return [lines.length === 1 ? "1 line" : `${lines.length} lines`, isObject(last) ? text(last.line) : ""];
    }
    case "process.cancel":
      return [text(data.handler) && `tells ${text(data.handler)} to end`, text(data.eventId)];
    case "host.report":
      return ["asks the agent for a report"];
    case "host.leave":
      return ["tells the agent that its machine is gone"];
    default: {
      // A process event: it says whom it asks, and how often it has.
      const { handler, attempt, run } = event as BusEvent & Data;
      return [
        text(handler) && `asks ${text(handler)}`,
        typeof attempt === "number" ? `attempt ${attempt}` : "",
        typeof run === "number" ? `run ${run}` : "",
      ];
    }
  }
}

const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value.replace(/\s+/g, " ").trim() : "");
