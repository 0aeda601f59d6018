// Shapes that several resources share.
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { Problem } from "../../functions/contract.ts";

export const pageLimitDefault = 50;
export const pageLimitMax = 200;

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Time = Type.Integer({ minimum: 0, description: "Milliseconds since 1970." });
export const NextFireAt = Nullable(
  Type.Integer({
    minimum: 0,
    description: "When the next attempt begins; null while one is under way, and where that is not up to the clock.",
  }),
);

/** Long enough for any id of ours; an unknown one is answered with 404, not with a lesson about its form. */
export const IdParams = Type.Object({ id: Type.String({ maxLength: 200 }) });
export const NameParams = Type.Object({ name: Type.String({ maxLength: 200 }) });

export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: pageLimitMax, default: pageLimitDefault, description: "How many at most." }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: "`next` of the page before." })),
};
export function readPage({ limit = pageLimitDefault, cursor = null }: { limit?: number; cursor?: string | null }) {
  return { limit, cursor };
}

export function pageOf<T extends Type.TSchema>(item: T) {
  return Type.Object({
    data: Type.Array(item),
    next: Nullable(Type.String({ description: "Give it back as `cursor`; null: this was the last page." })),
  });
}

/** Of a route whose body may be left out. */
export async function takeNoneAsEmpty(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}

const problems: Readonly<Record<number, string>> = {
  400: "The request is wrong: `field`, `expected` and `got` say where.",
  401: "No key, or a wrong one.",
  403: "This key does not open this.",
  404: "There is no such thing.",
  409: "Not now, or not by you: `code` says why.",
  410: "It is gone.",
  422: "The request was understood and cannot be done: `field`, `expected` and `got` say why.",
  502: "The functions cannot be reached.",
};

/** The answers of a route that are problems. 400 and 401 go for every route. */
export function problemsOf(...statuses: number[]) {
  const all = [400, 401, ...statuses];
  return Object.fromEntries(
    all.map((status) => [
      status,
      { description: problems[status] ?? "", content: { "application/problem+json": { schema: Problem } } },
    ]),
  );
}
