// "Does this handler's URL work?" Asked by a person, answered in a sentence that says what to mend.
import { maskUrl } from "../masked-url.ts";
import type { Handler } from "../store/types.ts";
import type { Addresses } from "./addresses.ts";
import { describeError, parseJson } from "./connections.ts";
import { describeOutcome, type Situation } from "./outcomes.ts";
import { parseHandlerUrl } from "./places.ts";
import type { Answer, Probes } from "./probes.ts";

export interface HandlerHealth {
  url: string;
  /** All that the host name has, `host:port`. */
  addresses: string[];
  isReachable: boolean;
  /** Null: not known. */
  isReady: boolean | null;
  version: string | null;
  keepsLeases: boolean | null;
  /** Why not, in a sentence; null when all is well. */
  problem: string | null;
}

export async function checkHandler(
  handler: Pick<Handler, "name"> & { url: string },
  { addresses, probes }: { addresses: Addresses; probes: Probes },
): Promise<HandlerHealth> {
  const { url } = handler;
  const health: HandlerHealth = {
    url: maskUrl(url),
    addresses: [],
    isReachable: false,
    isReady: null,
    version: null,
    keepsLeases: null,
    problem: null,
  };
  const parsed = parseHandlerUrl(url);
  if (!parsed) return { ...health, problem: `"${maskUrl(url).slice(0, 200)}" is no http or https URL` };
  const fail = (situation: Situation, got: string) => ({ ...health, problem: describeOutcome(url, situation, got) });
  try {
    health.addresses = await addresses.of(parsed);
  } catch (error) {
    return fail("refused", describeError(error));
  }
  for (const address of health.addresses) {
    const probe = await probes.ask(parsed, address);
    const isReached = probe.isUsable || (probe.situation !== "refused" && probe.situation !== "slow");
    health.isReachable = isReached;
    health.keepsLeases = probe.keepsLeases;
    health.isReady = probe.isUsable ? true : isReached ? false : null;
    if (!probe.isUsable) return fail(probe.situation, `${probe.got} (${address})`);
    // Of a handler's own address a web page is no answer: somebody else's server is there.
    const healthz = await probes.get(parsed, address, "healthz").catch(() => null);
    if (healthz && isWebPage(healthz)) return fail("wrongType", `a web page from ${address}`);
    health.version ??= versionOf(healthz);
  }
  return health;
}

function isWebPage({ contentType, text }: Answer): boolean {
  return contentType.startsWith("text/html") || /^\s*<(!doctype|html)\b/i.test(text ?? "");
}

function versionOf(answer: Answer | null): string | null {
  const value = parseJson(answer?.text ?? null);
  const version = typeof value === "object" && value !== null && "version" in value ? value.version : null;
  return typeof version === "string" ? version.slice(0, 100) : null;
}
