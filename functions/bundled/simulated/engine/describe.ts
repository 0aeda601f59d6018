// What `docker inspect` and `docker ps` say of a container. Pure, but for the question whether its agent lives.
import { type Container, containerFile } from "./container.ts";
import type { Engine } from "./engine.ts";
import { isAgentAlive } from "./liveness.ts";

const killedExitCode = 137;
const neverTime = "0001-01-01T00:00:00Z";

/** A container whose agent is gone has ended, whatever was written when it began. */
export function stateOf(engine: Engine, container: Container): "created" | "running" | "exited" {
  const { state, agent, id, name } = container;
  if (state === "running" && agent !== null && !isAgentAlive(agent, id, containerFile(engine, name))) return "exited";
  return state;
}

export function describeContainer(engine: Engine, container: Container): Record<string, unknown> {
  const { id, name, image, command, labels, volumes, restart } = container;
  const state = stateOf(engine, container);
  return {
    Id: id,
    Created: container.createdAt,
    Path: command[0] ?? "",
    Args: command.slice(1),
    State: {
      Status: state,
      Running: state === "running",
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: state === "running" ? (container.agent?.pid ?? 0) : 0,
      ExitCode: state === "exited" ? killedExitCode : 0,
      Error: "",
      StartedAt: container.startedAt ?? neverTime,
      FinishedAt: neverTime,
    },
    Image: container.imageId,
    Name: `/${name}`,
    RestartCount: 0,
    Platform: "linux",
    HostConfig: {
      Binds: volumes.length > 0 ? volumes : null,
      NetworkMode: "bridge",
      RestartPolicy: { Name: restart, MaximumRetryCount: 0 },
      Privileged: false,
    },
    Config: {
      Hostname: id.slice(0, 12),
      // Names only: the values are not kept.
      Env: container.environment,
      Cmd: command,
      Image: image,
      Labels: labels,
    },
  };
}

export interface ContainerRow {
  Command: string;
  CreatedAt: string;
  ID: string;
  Image: string;
  Labels: string;
  Names: string;
  Ports: string;
  RunningFor: string;
  State: string;
  Status: string;
}

export function describeRow(engine: Engine, container: Container, isWhole: boolean): ContainerRow {
  const state = stateOf(engine, container);
  const age = describeAge(Date.now() - Date.parse(container.createdAt));
  const command = container.command.join(" ");
  return {
    Command: JSON.stringify(isWhole || command.length <= 20 ? command : `${command.slice(0, 19)}…`),
    CreatedAt: container.createdAt,
    ID: isWhole ? container.id : container.id.slice(0, 12),
    Image: container.image,
    Labels: Object.entries(container.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(","),
    Names: container.name,
    Ports: "",
    RunningFor: `${age} ago`,
    State: state,
    Status: { created: "Created", running: `Up ${age}`, exited: `Exited (${killedExitCode}) ${age} ago` }[state],
  };
}

function describeAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return "Less than a second";
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "About a minute" : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours === 1 ? "About an hour" : `${hours} hours`;
}
