// Turns whatever was thrown into the answer that the caller gets: problem+json with a stable code (RFC 9457).
import { randomUUID } from "node:crypto";
import type { FastifyError } from "fastify";
import { type Problem, problemContentType } from "../../functions/contract.ts";
import { type ErrorCode, RelayError } from "../errors.ts";

export { problemContentType };

/** Fastify's own errors that a caller can cause. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "request.notJson",
  FST_ERR_CTP_EMPTY_JSON_BODY: "request.notJson",
  FST_ERR_CTP_BODY_TOO_LARGE: "request.tooLarge",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "request.unsupportedMediaType",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "request.invalid",
  FST_ERR_BAD_URL: "request.invalid",
};

/** The problem, and what belongs in the log only: the error itself when it is a defect of ours, else null. */
export function toProblem(error: unknown): { problem: Problem & { reference?: string }; defect: unknown } {
  const known = error instanceof RelayError ? error : fromFastify(error);
  if (known) return { problem: describe(known), defect: known.status >= 500 ? (known.cause ?? known) : null };
  const reference = randomUUID();
  const internal = new RelayError("internal", {
    message: `something went wrong in the relay; its log has the reason under ${reference}`,
  });
  return { problem: { ...describe(internal), reference }, defect: error };
}

function fromFastify(error: unknown): RelayError | null {
  const { code = "", statusCode, message } = (error ?? {}) as Partial<FastifyError>;
  const known = fastifyCodes[code];
  if (known) {
    return new RelayError(known, { message: message ?? known, ...(known === "request.notJson" ? jsonWanted : {}) });
  }
  // The parser refuses keys like __proto__ with a plain SyntaxError.
  if (error instanceof SyntaxError && statusCode === 400) {
    return new RelayError("request.notJson", { message: error.message, ...jsonWanted });
  }
  return null;
}

const jsonWanted = { field: "body", expected: "JSON" };

function describe({ code, status, message, field, expected, got }: RelayError): Problem {
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
