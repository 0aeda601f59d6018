// Every error that the relay tells anyone, by its stable code: the HTTP status, and what the code means in general.
// A function's outcomes and what follows from each are in forwarder/outcomes.ts.

const statuses = {
  "request.invalid": 400,
  "request.notJson": 400,
  "request.tooLarge": 413,
  "request.unsupportedMediaType": 415,
  "key.missing": 401,
  "key.wrong": 401,
  "key.notAllowed": 403,
  "host.foreign": 421,
  "origin.foreign": 403,
  "route.unknown": 404,
  "machine.unknown": 404,
  "process.unknown": 404,
  "handler.unknown": 404,
  "driver.unknown": 404,
  "token.unknown": 404,
  "event.unknown": 404,
  "archive.none": 404,
  "machine.gone": 410,
  "machine.nameInvalid": 422,
  "machine.nameRefused": 422,
  "machine.nameTaken": 409,
  "machine.wrongState": 409,
  "machine.placeChange": 409,
  "driver.notFound": 422,
  "driver.unavailable": 422,
  "option.unknown": 422,
  "option.conflict": 422,
  "option.missing": 422,
  "option.invalid": 422,
  "option.secretNeedsVariable": 422,
  "function.rejected": 422,
  "idempotency.conflict": 409,
  "event.over": 409,
  "event.otherRun": 409,
  "event.notYours": 403,
  "reply.unknownField": 422,
  "reply.invalid": 422,
  "handler.required": 409,
  "handler.invalid": 422,
  "handler.noUrl": 409,
  "archive.invalid": 422,
  "process.notWaiting": 409,
  "functions.unreachable": 502,
  "relay.stopping": 503,
  "store.failed": 500,
  "store.locked": 500,
  "store.newer": 500,
  "store.wrongKey": 500,
  "config.invalid": 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof statuses;

/** Functions may be anybody's: of the codes with which they refuse an input, those that we have, too, are passed on. */
export function refusalCodeOf(code: unknown): ErrorCode {
  const isOurs = typeof code === "string" && Object.hasOwn(statuses, code) && statuses[code as ErrorCode] === 422;
  return isOurs ? (code as ErrorCode) : "function.rejected";
}

export interface ErrorDetails {
  /** What happened, for a person. */
  message: string;
  field?: string;
  expected?: string;
  got?: string;
  cause?: unknown;
}

/** An error whose message may be shown to whoever asked. Anything else becomes `internal`, with its words in the log only. */
export class RelayError extends Error {
  override readonly name = "RelayError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly field: string | undefined;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, { cause: details.cause });
    this.code = code;
    this.status = statuses[code];
    this.field = details.field;
    this.expected = details.expected;
    this.got = details.got;
  }
}
