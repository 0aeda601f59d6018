// What DigitalOcean has of a machine. Its mark is the name of droplet and SSH key, which both have from their first moment.
import Type from "typebox";
import { Value } from "typebox/value";
import { type Dispatcher, request } from "undici";
import type { Census, Found } from "../census.ts";
import { WorkFailure } from "../work-failure.ts";
import { openDispatcher, reasonOf } from "./connection.ts";
import { type GivenOptions, givenText } from "./given-option.ts";

/** docker-machine's driver has no other. */
const apiUrl = "https://api.digitalocean.com";
/** Those with a GPU are in no list that does not ask for them: https://docs.digitalocean.com/reference/api/reference/droplets/ */
const dropletTypes = ["droplets", "gpus"] as const;
const pageSize = 200;
/** Of SSH keys: they cannot be asked for by name. */
const pagesMax = 50;

const Named = Type.Object({ id: Type.Integer(), name: Type.String() });
const Links = Type.Optional(Type.Object({ pages: Type.Optional(Type.Object({ next: Type.Optional(Type.String()) })) }));
const Droplets = Type.Object({ droplets: Type.Array(Named), links: Links });
const Keys = Type.Object({ ssh_keys: Type.Array(Named), links: Links });
const ApiError = Type.Object({ message: Type.String() });

/** An answer that is no success. */
class Refusal extends WorkFailure {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super("driver.failed", message);
    this.statusCode = statusCode;
  }
}

export function digitalOceanCensus(given: GivenOptions, machineName: string, signal: AbortSignal): Census {
  const token = givenText(given, "accessToken");
  const dispatcher = openDispatcher(given.environment);
  // Undici hears of it only once it is connected, and may try that for a while.
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  signal.addEventListener("abort", () => aborted.reject(signal.reason), { once: true });

  async function call(method: "GET" | "DELETE", path: string): Promise<unknown> {
    if (token === null) throw new WorkFailure("driver.failed", "DigitalOcean cannot be asked without an accessToken");
    signal.throwIfAborted();
    let answer: Dispatcher.ResponseData;
    let text: string;
    try {
      const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
      const asked = request(`${apiUrl}${path}`, { method, headers, dispatcher, signal });
      answer = await Promise.race([asked, aborted.promise]);
      text = await answer.body.text();
    } catch (error) {
      signal.throwIfAborted();
      throw new WorkFailure("driver.failed", `DigitalOcean could not be asked: ${reasonOf(error as Error)}`);
    }
    const { statusCode } = answer;
    if (method === "DELETE" && (statusCode === 404 || statusCode < 300)) return null;
    const body = parse(text);
    if (statusCode === 200) return body;
    const words = Value.Check(ApiError, body) ? body.message : text.slice(0, 500);
    throw new Refusal(statusCode, `DigitalOcean could not be asked: ${method} ${path}: ${statusCode} ${words}`);
  }

  async function listKeys(): Promise<Type.Static<typeof Named>[]> {
    const keys: Type.Static<typeof Named>[] = [];
    for (let page = 1; page <= pagesMax; page += 1) {
      const body = checked(Keys, await call("GET", `/v2/account/keys?per_page=${pageSize}&page=${page}`));
      keys.push(...body.ssh_keys);
      if (body.links?.pages?.next === undefined) return keys;
    }
    throw new WorkFailure("census.tooMany", `DigitalOcean has more than ${pagesMax * pageSize} SSH keys`);
  }

  async function removeKeys(): Promise<void> {
    for (const { id, name } of await listKeys()) {
      if (name === machineName) await call("DELETE", `/v2/account/keys/${id}`);
    }
  }

  return {
    async find() {
      const found: Found[] = [];
      for (const type of dropletTypes) {
        const path = `/v2/droplets?type=${type}&name=${encodeURIComponent(machineName)}&per_page=${pageSize}`;
        const { droplets } = checked(Droplets, await call("GET", path));
        const ours = droplets.filter(({ name }) => name === machineName);
        found.push(...ours.map(({ id }) => ({ id: String(id), name: `the droplet ${machineName}` })));
      }
      return found;
    },
    async destroy({ id }) {
      await call("DELETE", `/v2/droplets/${id}`);
    },
    removeKeys: () => removeKeys().catch(unlessForbidden),
    // Not `close`, which would wait for what has been given up.
    close: () => dispatcher.destroy(),
  };
}

/** A token without this right has to do without: the keys are left to a person, and the machine is not kept for them. */
function unlessForbidden(error: unknown): void {
  if (!(error instanceof Refusal) || error.statusCode !== 403) throw error;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checked<Schema extends Type.TSchema>(schema: Schema, body: unknown): Type.Static<Schema> {
  if (Value.Check(schema, body)) return body;
  throw new WorkFailure("driver.failed", "DigitalOcean's answer is not as its documentation says");
}
