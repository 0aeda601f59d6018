// Takes what agents say, and keeps of it what people want to know of a host. The bootstrap's reply may come before or
// after the agent's first words: nothing here depends on the order.
import { RelayError } from "../errors.ts";
import type { ProcessServer } from "../process-server/process-server.ts";
import type { Host, HostContainer, Machine, NewHistoryEntry } from "../store/types.ts";
import { cut, type Diary } from "./diary.ts";
import type { JoinHost } from "./join.ts";
import type { Registered, Registration, Report } from "./messages.ts";
import type { Presence } from "./presence.ts";
import { type AgentTokens, goneMachine, joinTokenPrefix } from "./tokens.ts";

export interface Hosts {
  /** @throws RelayError `token.unknown`, `machine.gone`, `request.invalid` */
  register(registration: Registration): Promise<Registered>;
  /** @throws RelayError `token.unknown`, `machine.gone` */
  report(report: Report): Promise<Machine>;
  /** Its last words. @throws RelayError `token.unknown`, `machine.gone` */
  leave(token: string): Promise<Machine>;
}

export interface HostsParts {
  tokens: AgentTokens;
  joinHost: JoinHost;
  processServer: Pick<ProcessServer, "saveHost">;
  presence: Presence;
  diary: Diary;
  reportEveryMs: number;
  now: () => number;
}

export function createHosts({
  tokens,
  joinHost,
  processServer,
  presence,
  diary,
  reportEveryMs,
  now,
}: HostsParts): Hosts {
  async function authenticate(token: string): Promise<Machine> {
    const owner = await tokens.find(token);
    if (owner.kind === "agent") return owner.machine;
    // It learns only now that its machine is gone, and ends itself.
    const { machine } = owner;
    if (machine?.state === "deleted" && machine.host && machine.host.state !== "left") await markLeft(machine);
    throw goneMachine();
  }

  async function markLeft(machine: Machine): Promise<Machine> {
    presence.forget(machine.id);
    const host = machine.host ?? newHost(now());
    const saved = await processServer.saveHost(
      machine.id,
      { ...host, state: "left", lastSeenAt: now(), containers: [] },
      diary.tell(machine.id, "the agent left"),
    );
    diary.forget(machine.id);
    return saved;
  }

  async function saveSeen(machine: Machine, host: Host, history: NewHistoryEntry | undefined): Promise<Machine> {
    presence.seen(machine.id);
    return processServer.saveHost(machine.id, { ...host, state: "connected", lastSeenAt: now() }, history);
  }

  return {
    async register({ token, engineId, name, engineVersion }) {
      const machine = token.startsWith(joinTokenPrefix)
        ? await joinHost({ token, engineId: engineId ?? missingEngineId(), name: name ?? "" })
        : await authenticate(token);
      const ownToken = await tokens.issue(machine);
      const host = { ...(machine.host ?? newHost(now())), engineVersion: engineVersion ?? null };
      await saveSeen(machine, host, diary.tell(machine.id, describeRegistration(machine, host)));
      return { machineId: machine.id, token: ownToken, reportEveryMs };
    },

    async report({ token, engineVersion, containers, started = [], stopped = [] }) {
      const machine = await authenticate(token);
      const before = machine.host ?? newHost(now());
      const host: Host = {
        ...before,
        engineVersion: engineVersion ?? before.engineVersion,
        containers: containers.map(keepContainer),
      };
      const history =
        before.state === "connected"
          ? diary.tellContainers(machine.id, { started, stopped })
          : diary.tell(machine.id, "the agent reports again");
      return saveSeen(machine, host, history);
    },

    async leave(token) {
      return markLeft(await authenticate(token));
    },
  };
}

function newHost(at: number): Host {
  return { state: "connected", registeredAt: at, lastSeenAt: at, engineVersion: null, containers: [] };
}

function keepContainer({ id, name, image, state }: HostContainer): HostContainer {
  return { id: cut(id), name: cut(name), image: cut(image), state: cut(state) };
}

function describeRegistration(machine: Machine, { engineVersion }: Host): string {
  const engine = engineVersion ? `, Docker ${cut(engineVersion)}` : "";
  return machine.host && machine.host.state !== "left"
    ? `the agent started again${engine}`
    : `the agent registered${engine}`;
}

function missingEngineId(): never {
  throw new RelayError("request.invalid", {
    message: "engineId is missing: a host joins by the id of its engine (docker info --format '{{.ID}}')",
    field: "engineId",
    expected: "the id of the Docker engine",
    got: "nothing",
  });
}
