// Everything about agents, put together: what the routes need, and what must be started and stopped.
import { RelayError } from "../errors.ts";
import type { Bus } from "../event-bus/bus.ts";
import { newNoticeId } from "../process-server/ids.ts";
import type { ProcessServer } from "../process-server/process-server.ts";
import type { Machine, Store } from "../store/types.ts";
import { createDiary } from "./diary.ts";
import { createHosts, type Hosts } from "./hosts.ts";
import { createJoinHost } from "./join.ts";
import { type CreateJoinToken, createJoinTokens } from "./join-tokens.ts";
import type { AgentSettings } from "./launch.ts";
import { missedReportsMax, reportEveryMsDefault } from "./limits.ts";
import { createPresence, type Presence } from "./presence.ts";
import { renderScript } from "./script.ts";
import { type AgentTokens, hashToken, joinTokenPrefix, unknownToken } from "./tokens.ts";

export interface Agents {
  hosts: Hosts;
  presence: Presence;
  createJoinToken: CreateJoinToken;
  /** Whose agent is this? Null: nobody's. @throws RelayError `machine.gone` */
  authenticateAgent(token: string): Promise<{ machineId: string } | null>;
  /**
   * The script for whoever has this token. `evenIfGone`: an agent whose machine is deleted needs it too, to end itself.
   * @throws RelayError `token.unknown`, `machine.gone`
   */
  script(token: string, options: { evenIfGone: boolean }): Promise<string>;
  /** Asks the machine's agent to report now. @throws RelayError `machine.unknown`, `machine.wrongState` */
  requestReport(machineId: string): Promise<Machine>;
}

export interface AgentsParts {
  store: Store;
  processServer: ProcessServer;
  bus: Bus;
  tokens: AgentTokens;
  settings: AgentSettings;
  onError: (error: unknown) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How often a host reports. */
  reportEveryMs?: number;
  /** How long it may be silent: six reports, unless told otherwise. */
  silenceMs?: number;
}

export function createAgents(parts: AgentsParts): Agents {
  const { store, processServer, bus, tokens, settings, onError, now = Date.now } = parts;
  const { reportEveryMs = reportEveryMsDefault, silenceMs = missedReportsMax * reportEveryMs } = parts;
  const diary = createDiary(now);
  const presence = createPresence({ store, processServer, diary, silenceMs, onError });
  const joinHost = createJoinHost({ store, processServer, now });

  async function checkToken(token: string, evenIfGone: boolean): Promise<void> {
    if (!token.startsWith(joinTokenPrefix)) {
      if (evenIfGone) await tokens.find(token);
      else await tokens.authenticate(token);
      return;
    }
    const found = await store.findJoinToken(hashToken(token));
    if (!found || found.expiresAt <= now()) throw unknownToken("There is no such join token, or it has expired.");
  }

  return {
    hosts: createHosts({ tokens, joinHost, processServer, presence, diary, reportEveryMs, now }),
    presence,
    createJoinToken: createJoinTokens({ store, settings, now }),

    async authenticateAgent(token) {
      try {
        return { machineId: (await tokens.authenticate(token)).id };
      } catch (error) {
        if (error instanceof RelayError && error.code === "token.unknown") return null;
        throw error;
      }
    },

    async script(token, { evenIfGone }) {
      await checkToken(token, evenIfGone);
      return renderScript({ url: settings.url, token, reportEveryMs });
    },

    async requestReport(machineId) {
      const machine = await store.getMachine(machineId);
      if (!machine) {
        throw new RelayError("machine.unknown", {
          message: `there is no machine ${JSON.stringify(machineId)}`,
          field: "id",
          got: JSON.stringify(machineId),
        });
      }
      if (!machine.host || machine.host.state === "left") {
        throw new RelayError("machine.wrongState", { message: "this machine has no agent that could report" });
      }
      bus.publish({
        id: newNoticeId(),
        name: "host.report",
        resourceType: "machine",
        resourceId: machine.id,
        time: now(),
        data: {},
      });
      return machine;
    },
  };
}
