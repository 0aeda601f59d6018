// An error of a function that becomes a problem+json answer: the caller is told what was wrong, and where.
import type { Problem } from "./contract.ts";

export interface ProblemDetails {
  status: number;
  /** Stable. */
  code: string;
  detail: string;
  field?: string;
  expected?: string;
  got?: string;
  cause?: unknown;
}

export class FunctionProblem extends Error {
  override readonly name = "FunctionProblem";
  readonly details: Omit<ProblemDetails, "cause">;

  constructor({ cause, ...details }: ProblemDetails) {
    super(details.detail, { cause });
    this.details = details;
  }

  toProblem(): Problem {
    return { type: "about:blank", title: this.details.code, ...this.details };
  }
}
