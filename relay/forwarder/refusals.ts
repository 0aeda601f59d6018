// Reads an answer that is no success: which situation it is, and what it says.
import { type Problem, problemContentType } from "../../functions/contract.ts";
import { maskUrl } from "../masked-url.ts";
import { type FunctionResponse, parseJson, readText, smallAnswerBytesMax } from "./connections.ts";
import type { Conclusion, InvocationParts } from "./conversation.ts";
import { type PostKind, readRetryAfter, situationOf } from "./outcomes.ts";

/** A problem's words are shown on the machine. */
const problemCharactersMax = 4096;

export async function readRefusal(
  { status, contentType, headers, body }: FunctionResponse,
  kind: PostKind,
  { config, clock }: InvocationParts,
): Promise<Conclusion> {
  const text = await readText(body, smallAnswerBytesMax);
  const problem = readProblem(contentType, text);
  const situation = situationOf(kind, { status, contentType, problemCode: problem?.code ?? null });
  const location = situation === "redirect" ? ` to ${maskUrl(String(headers.location))}` : "";
  const given = typeof headers["retry-after"] === "string" ? headers["retry-after"] : undefined;
  return {
    kind: "failed",
    situation,
    got: `status ${status}${location}${problem ? `: ${problem.detail}` : ""}`,
    ...(problem ? { problem } : {}),
    retryAfterMs: readRetryAfter(given, clock.now(), config.retryAfterMsMax) ?? config.retryAfterMsDefault,
  };
}

function readProblem(contentType: string, text: string | null): Problem | null {
  if (!contentType.startsWith(problemContentType) && !contentType.startsWith("application/json")) return null;
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) return null;
  const { code, detail, title } = value as Partial<Problem>;
  if (typeof code !== "string") return null;
  return { ...(value as Problem), detail: String(detail ?? title ?? code).slice(0, problemCharactersMax) };
}
