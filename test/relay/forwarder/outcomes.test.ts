// The table of outcomes, and how an answer finds its row.
import { expect, test } from "vitest";
import { outcomeOf, outcomes, readRetryAfter, type Situation, situationOf } from "../../../relay/forwarder/outcomes.ts";

const problem = (status: number, problemCode: string | null, contentType = "application/problem+json") => ({
  status,
  problemCode,
  contentType,
});

test("exactly these prove that a start never began, and nothing proves it of a join", () => {
  const proving = (kind: "start" | "join") =>
    (Object.keys(outcomes) as Situation[]).filter((situation) => outcomeOf(kind, situation).provesNeverBegan).sort();
  // Refused; 400 and 422, with and without a problem; 410; 429 and 503.
  expect(proving("start")).toEqual(["busy", "cancelled", "invalid", "refused", "rejected"]);
  expect(proving("join")).toEqual([]);
});

test("only a problem in answer to a start becomes an error of the process", () => {
  const ending = (Object.keys(outcomes) as Situation[]).filter(
    (situation) => outcomeOf("start", situation).isErrorReply || outcomeOf("join", situation).isErrorReply,
  );
  expect(ending).toEqual(["rejected"]);
  expect(outcomeOf("join", "rejected").isErrorReply).toBe(false);
});

test.each([
  ["start", problem(400, "event.invalid"), "rejected"],
  ["start", problem(422, "option.unknown", "application/problem+json; charset=utf-8"), "rejected"],
  ["start", problem(422, null, "text/html"), "invalid"],
  ["start", problem(422, "some.code", "application/json"), "invalid"],
  ["start", problem(404, "invocation.unknown"), "notFound"],
  ["join", problem(404, "invocation.unknown"), "unknownRun"],
  ["join", problem(404, null, "text/html"), "notFound"],
  ["start", problem(409, "invocation.running"), "running"],
  ["start", problem(409, "other"), "unexpected"],
  ["start", problem(410, null), "cancelled"],
  ["start", problem(429, null), "busy"],
  ["join", problem(503, null), "busy"],
  ["start", problem(403, null), "unauthorized"],
  ["start", problem(405, null), "notFound"],
  ["start", problem(301, null), "redirect"],
  ["start", problem(504, null), "gateway"],
  ["start", problem(500, null), "failed"],
  ["start", problem(413, null), "unexpected"],
] as const)("a %s answered %o is %s", (kind, answer, situation) => {
  expect(situationOf(kind, answer)).toBe(situation);
});

test.each([
  ["5", 5_000],
  ["0", 100],
  ["100000", 60_000],
  [new Date(1_800_000_010_000).toUTCString(), 10_000],
  [new Date(1_700_000_000_000).toUTCString(), 100],
  ["soon", null],
  [undefined, null],
])("Retry-After %s is a wait of %s ms", (value, waitMs) => {
  expect(readRetryAfter(value, 1_800_000_000_000, 60_000)).toBe(waitMs);
});
