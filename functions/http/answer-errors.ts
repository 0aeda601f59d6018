// Whatever goes wrong with a request is answered with problem+json; what was not foreseen says nothing of its inside.
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { type Problem, problemContentType } from "../contract.ts";
import { FunctionProblem } from "../problem.ts";
import { createValidationProblem, type ValidationError } from "./validation-problem.ts";

/** With 503: when to come back. */
export const retryAfterSeconds = 5;

export function answerError(error: FastifyError | FunctionProblem, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toFunctionProblem(error, request);
  if (problem === null) {
    request.log.error({ stack: error.stack }, "a request failed");
    answerProblem(reply, {
      status: 500,
      code: "internal",
      detail: "Something failed here. The log of the functions says what.",
    });
  } else answerProblem(reply, problem.details);
}

export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const detail = `There is no ${request.method} ${request.url.split("?", 1)[0]} here.`;
  answerProblem(reply, { status: 404, code: "route.unknown", detail });
}

function answerProblem(reply: FastifyReply, details: Omit<Problem, "type" | "title">): void {
  if (details.status === 503) reply.header("retry-after", retryAfterSeconds);
  if (details.status === 401) reply.header("www-authenticate", "Bearer");
  reply.code(details.status).type(problemContentType).send(new FunctionProblem(details).toProblem());
}

/** Null: not foreseen. */
function toFunctionProblem(error: FastifyError | FunctionProblem, request: FastifyRequest): FunctionProblem | null {
  if (error instanceof FunctionProblem) return error;
  if (error.validation !== undefined) return createValidationProblem(error.validation as ValidationError[]);
  const contentType = request.headers["content-type"];
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return createProblem(
        413,
        "request.tooLarge",
        `of at most ${request.routeOptions.bodyLimit} bytes`,
        `${request.headers["content-length"] ?? "more"} bytes`,
      );
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return createProblem(
        415,
        "request.unsupportedMediaType",
        "JSON, with the header `Content-Type: application/json`",
        contentType ?? "no content type",
      );
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return createProblem(400, "request.notJson", "JSON", "nothing");
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return createProblem(400, "request.notJson", "JSON", "something that is not");
    default:
      if (error instanceof SyntaxError) return createProblem(400, "request.notJson", "JSON", "something that is not");
      // Of Fastify's own making (a broken header, an aborted body): theirs to word.
      if (error.statusCode !== undefined && error.statusCode < 500) {
        return new FunctionProblem({ status: error.statusCode, code: "request.invalid", detail: error.message });
      }
      return null;
  }
}

function createProblem(status: number, code: string, expected: string, got: string): FunctionProblem {
  return new FunctionProblem({
    status,
    code,
    detail: `The body must be ${expected}, got ${got}`,
    field: "body",
    expected,
    got,
  });
}
