// Turns whatever was thrown into the answer that the caller gets: problem+json with a stable code (RFC 9457).
import { randomUUID } from "node:crypto";
import type { FastifyError, FastifyRequest } from "fastify";
import { type Problem, problemContentType } from "../../functions/contract.ts";
import { type ErrorCode, RelayError } from "../errors.ts";
import { maskPath } from "../log.ts";

export { problemContentType };

/** Fastify's own errors that a caller can cause: where the mistake is, what was wanted instead, and what came. */
const fastifyErrors: Readonly<Record<string, Mistake>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { code: "request.notJson", field: "body", expected: "JSON", got: "something else" },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: "request.notJson", field: "body", expected: "JSON", got: "nothing" },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: "request.tooLarge",
    field: "body",
    expected: (request) => `at most ${request?.routeOptions?.bodyLimit} bytes`,
    got: (request) => `${request?.headers["content-length"] ?? "more"} bytes`,
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "request.unsupportedMediaType",
    field: "content-type",
    expected: "application/json",
    got: (request) => JSON.stringify(request?.headers["content-type"]?.slice(0, 100) ?? "nothing"),
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "request.invalid",
    field: "content-length",
    expected: "the length of the body",
    got: (request) => `${request?.headers["content-length"]}`,
  },
  FST_ERR_BAD_URL: { code: "request.invalid", field: "path", expected: "a path that can be decoded", got: pathOf },
  FST_ERR_MAX_PARAM_LENGTH: { code: "request.invalid", field: "path", expected: "a shorter path", got: pathOf },
};

interface Mistake {
  code: ErrorCode;
  field: string;
  expected: string | ((request: FastifyRequest | undefined) => string);
  got: string | ((request: FastifyRequest | undefined) => string);
}

function pathOf(request: FastifyRequest | undefined): string {
  return JSON.stringify(maskPath(request?.url ?? "").slice(0, 100));
}

/** What is wanted where an error does not say so itself: the same for every route. */
const wanted: Partial<Record<ErrorCode, string>> = {
  "machine.unknown": "the id of a machine",
  "process.unknown": "the id of a process",
  "handler.unknown": "the name of a handler",
  "driver.unknown": "the name of a driver",
  "token.unknown": "the token of an agent, or of a join line that has not expired",
};
/** A wrong token is not repeated: it may be right elsewhere. */
const found: Partial<Record<ErrorCode, string>> = { "token.unknown": "a token that opens nothing here" };

/** The problem, and what belongs in the log only: the error itself when it is a defect of ours, else null. */
export function toProblem(
  error: unknown,
  request?: FastifyRequest,
): { problem: Problem & { reference?: string }; defect: unknown } {
  const known = error instanceof RelayError ? error : fromFastify(error, request);
  if (known) return { problem: describe(known), defect: known.status >= 500 ? (known.cause ?? known) : null };
  const reference = randomUUID();
  const internal = new RelayError("internal", {
    message: `something went wrong in the relay; its log has the reason under ${reference}`,
  });
  return { problem: { ...describe(internal), reference }, defect: error };
}

function fromFastify(error: unknown, request: FastifyRequest | undefined): RelayError | null {
  const { code = "", statusCode } = (error ?? {}) as Partial<FastifyError>;
  // The parser refuses keys like __proto__ with a plain SyntaxError.
  const isRefusedJson = error instanceof SyntaxError && statusCode === 400;
  const mistake = fastifyErrors[isRefusedJson ? "FST_ERR_CTP_INVALID_JSON_BODY" : code];
  if (!mistake) return null;
  const say = (words: Mistake["got"]) => (typeof words === "string" ? words : words(request));
  const { field } = mistake;
  const [expected, got] = [say(mistake.expected), say(mistake.got)];
  return new RelayError(mistake.code, { message: `${field} must be ${expected}, got ${got}`, field, expected, got });
}

function describe({ code, status, message, field, ...words }: RelayError): Problem {
  const { expected = wanted[code], got = found[code] } = words;
  return {
    type: "about:blank",
    title: code,
    status,
    code,
    detail: message,
    ...(field === undefined ? {} : { field }),
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
  };
}
