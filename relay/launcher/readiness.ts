// Asks the two programs whether they are ready, and what they found.
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import type { Driver } from "../../functions/contract.ts";

const askEveryMs = 100;
const answerMsMax = 10_000;

/** Asks until all of them answer 200. False: told to stop before. */
export async function waitUntilReady(urls: readonly string[], stopping: AbortSignal): Promise<boolean> {
  for (const url of urls) {
    while (!(await isReady(url))) {
      await sleep(askEveryMs, undefined, { signal: stopping }).catch(() => {});
      if (stopping.aborted) return false;
    }
  }
  return true;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: answerMsMax, bodyTimeout: answerMsMax });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

/** Null: they did not say. */
export async function askDrivers(functionsUrl: string, secret: string): Promise<Driver[] | null> {
  try {
    const { statusCode, body } = await request(`${functionsUrl}/drivers`, {
      headers: { authorization: `Bearer ${secret}` },
      headersTimeout: answerMsMax,
      bodyTimeout: answerMsMax,
    });
    const answer = (await body.json()) as { drivers: Driver[] };
    return statusCode === 200 ? answer.drivers : null;
  } catch {
    return null;
  }
}
