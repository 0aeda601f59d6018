// One request to the relay's public API, with the key of this tab. Errors are what the API says of them: problem+json.
import type { Problem } from "../../../functions/contract.ts";
import { key, refusal, refuseKey } from "../state/session.ts";

/** A connection that does not answer must not hold a person for ever. */
const answerMsMax = 30_000;

/** What the API said, or `network` where nobody answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(problem: Pick<Problem, "status" | "code" | "detail" | "field" | "expected" | "got">) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field;
    this.expected = problem.expected;
    this.got = problem.got;
  }
}

export interface Ask {
  /** Undefined values are left out; a list repeats its name. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** In place of this tab's: to find out whether it is a good one. Null: none. */
  key?: string | null;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The answer's JSON; null where it has none. @throws ApiError */
export async function ask<T>(method: Method, path: string, options: Ask = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text().catch(unreachable);
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** The answer itself, once it is known to be a good one. @throws ApiError */
export async function send(method: Method, path: string, options: Ask = {}) {
  const { query, body, headers, signal } = options;
  const isTrial = options.key !== undefined;
  if (!isTrial) requireEntrance();
  const used = isTrial ? (options.key ?? null) : key.value;
  const timeout = AbortSignal.timeout(answerMsMax);
  const response = await fetch(path + formatQuery(query), {
    method,
    headers: {
      ...authorization(used),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    return unreachable();
  });
  if (!response.ok) throw await readProblem(response, used);
  return response;
}

export function authorization(used: string | null): Record<string, string> {
  return used === null ? {} : { authorization: `Bearer ${used}` };
}

/** Without a key that is wanted there is nothing to ask for. @throws ApiError */
export function requireEntrance(): void {
  if (refusal.value === null) return;
  throw new ApiError({ status: 401, code: "key.missing", detail: "Log in first." });
}

/** A 401 asks for another key, whoever met it. `used`: the key that was sent. */
export async function readProblem(response: Response, used: string | null): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const error = new ApiError(
    problem ?? { status: response.status, code: "unknown", detail: `The relay answered ${response.status}.` },
  );
  if (error.status === 401) refuseKey(used, error.code === "key.wrong");
  return error;
}

function unreachable(): never {
  throw new ApiError({ status: 0, code: "network", detail: "The relay does not answer." });
}

function formatQuery(query: Ask["query"] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
