// What went wrong with a request, in the API's own words.
import { ApiError } from "../client/ask.ts";
import { Notice } from "./notice.tsx";

export function Problem({ error }: { error: unknown }) {
  return (
    <Notice kind="error">
      {messageOf(error)}
      {error instanceof ApiError && error.code !== "network" && <span class="code"> {error.code}</span>}
    </Notice>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
