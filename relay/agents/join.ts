// A host that nobody created here becomes a machine: once for each engine, however often and however many at a time its
// agent asks.
import { createHmac } from "node:crypto";
import type { ProcessServer } from "../process-server/process-server.ts";
import type { Machine, Store } from "../store/types.ts";
import { joinedNameCharactersMax } from "./limits.ts";
import { hashToken, unknownToken } from "./tokens.ts";

export interface JoiningHost {
  token: string;
  engineId: string;
  /** The host's name, whatever it holds. */
  name: string;
}

export interface JoinParts {
  store: Pick<Store, "deriveKey" | "findJoinToken" | "findAgentToken" | "saveAgentToken" | "getMachine">;
  processServer: Pick<ProcessServer, "joinMachine">;
  now: () => number;
}

/** Resolves with the host's machine. @throws RelayError `token.unknown` */
export type JoinHost = (host: JoiningHost) => Promise<Machine>;

export function createJoinHost({ store, processServer, now }: JoinParts): JoinHost {
  const key = store.deriveKey("join");
  const joining = new Map<string, Promise<Machine>>();

  /** Whose machine an engine is stands beside the agents' tokens, under a hash that no token can have. */
  const engineHash = (engineId: string, former: number) =>
    createHmac("sha256", key).update(`${former}:${engineId}`).digest("hex");

  async function findOrMake(host: JoiningHost, labels: Record<string, string>): Promise<Machine> {
    // A machine that was deleted stays deleted: a host that joins again becomes another one.
    for (let former = 0; ; former += 1) {
      const hash = engineHash(host.engineId, former);
      const found = await store.findAgentToken(hash);
      const machine = found
        ? await store.getMachine(found.machineId)
        : await processServer.joinMachine(
            { name: machineNameFor(host.name), labels },
            // A relay that dies before the next line finds this machine again by the key.
            { key: `join:${hash}`, requestHash: hash },
          );
      if (!found && machine) await store.saveAgentToken(hash, machine.id, machine.agentGeneration);
      if (machine && machine.state !== "deleted") return machine;
    }
  }

  return async (host) => {
    const token = await store.findJoinToken(hashToken(host.token));
    if (!token) throw unknownToken("There is no such join token.");
    if (token.expiresAt <= now()) throw unknownToken("This join token has expired: ask for a new line.");
    const before = joining.get(host.engineId);
    if (before) return before;
    const made = findOrMake(host, token.labels).finally(() => joining.delete(host.engineId));
    joining.set(host.engineId, made);
    return made;
  };
}

/** A host may be called anything; a machine's name has letters, digits, dots and hyphens. */
export function machineNameFor(hostName: string): string {
  const name = hostName
    .replace(/[^0-9A-Za-z.-]+/g, "-")
    .slice(0, joinedNameCharactersMax)
    .replace(/^[.-]+|[.-]+$/g, "");
  return name || "host";
}
