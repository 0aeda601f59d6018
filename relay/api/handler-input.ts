// What a handler's row may be. Pure.
import Type from "typebox";
import { secretMask } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import { maskUrl } from "../masked-url.ts";
import { lifecycles } from "../process-server/lifecycles.ts";
import type { Handler, ProcessName } from "../store/types.ts";
import { hashKey } from "./keys.ts";
import { Nullable } from "./schemas.ts";

const keyCharactersMin = 16;
const urlCharactersMax = 2_000;
const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const orderMax = 1_000_000;
const events = Object.values(lifecycles).map(({ event }) => event);

export const HandlerBody = Type.Object(
  {
    event: Type.Optional(Type.Enum(events, { description: "May be left out for a handler that exists." })),
    order: Type.Optional(
      Type.Integer({
        minimum: -orderMax,
        maximum: orderMax,
        description: "Ours stand at 100; lower ones come before.",
      }),
    ),
    url: Type.Optional(
      Nullable(
        Type.String({
          maxLength: urlCharactersMax,
          description: "Where its events are POSTed; null: it listens on the bus.",
        }),
      ),
    ),
    key: Type.Optional(
      Nullable(
        Type.String({
          minLength: keyCharactersMin,
          maxLength: 500,
          pattern: "^[\\x21-\\x7e]+$",
          "x-expected": `${keyCharactersMin} to 500 printable characters without a space`,
          description:
            "With which a handler without a URL listens and answers. Kept as a hash only; null: an operator's key.",
        }),
      ),
    ),
  },
  { additionalProperties: false },
);

export const CheckBody = Type.Object(
  { url: Type.Optional(Type.String({ maxLength: urlCharactersMax })) },
  { additionalProperties: false },
);

/**
 * The row as it will be: what was not said stays as it was.
 * @throws RelayError `handler.invalid`
 */
export function readHandler(
  name: string,
  body: Type.Static<typeof HandlerBody>,
  existing: Handler | null,
  now: number,
): Handler {
  checkHandlerName(name);
  const event = body.event ?? existing?.event;
  const order = body.order ?? existing?.order;
  if (event === undefined) throw invalid("event", `one of ${events.join(", ")}`);
  if (order === undefined) throw invalid("order", "an integer; ours stand at 100");
  const own = lifecycles[name as ProcessName]?.event;
  if (own !== undefined && event !== own) throw invalid("event", `${own}, because the handler ${name} is ours`, event);
  return {
    name,
    event,
    order,
    url: body.url === undefined ? (existing?.url ?? null) : body.url && readUrl(body.url, existing),
    keyHash: body.key === undefined ? (existing?.keyHash ?? null) : body.key && hashKey(body.key),
    source: "api",
    updatedAt: now,
  };
}

/** @throws RelayError `handler.invalid` */
export function checkHandlerName(name: string): string {
  if (namePattern.test(name)) return name;
  throw invalid("name", "1 to 64 characters of a-z 0-9 . _ - that begin with a letter or digit", name);
}

/**
 * The URL to use. One that reads as the answers show the existing one means: as it was.
 * @throws RelayError `handler.invalid`
 */
export function readUrl(url: string, existing: Pick<Handler, "url"> | null): string {
  if (existing?.url && url === maskUrl(existing.url)) return existing.url;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // A password in it would be shown to everybody who may look at handlers.
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    const got = parsed?.password ? "one with a password" : maskUrl(url);
    throw invalid("url", "an http or https URL without user and password", got);
  }
  // Half of it would be as it was, and perhaps sent to somebody else.
  if (parsed.search.includes(secretMask)) {
    throw invalid("url", "the whole URL, with the values themselves in place of the mask", maskUrl(url));
  }
  return url;
}

function invalid(field: string, expected: string, got?: string): RelayError {
  const shown = got === undefined ? "nothing" : JSON.stringify(got.slice(0, 100));
  return new RelayError("handler.invalid", {
    message: `${field} must be ${expected}, got ${shown}`,
    field,
    expected,
    got: shown,
  });
}
