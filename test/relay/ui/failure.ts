// An error as the API shows it.
import { viewFailure } from "../../../relay/api/failure-view.ts";

export const failureOf = (code: string, message: string) => viewFailure({ code, message })!;
