// What went wrong with a request, in the API's own words.
import { ApiError } from "../client/ask.ts";
import { Notice } from "./notice.tsx";
import { Text } from "./text.tsx";

export function Problem({ error }: { error: unknown }) {
  return (
    <Notice kind="error">
      <ErrorWords error={error} />
    </Notice>
  );
}

export function ErrorWords({ error }: { error: unknown }) {
  return (
    <>
      <Text>{messageOf(error)}</Text>
      {error instanceof ApiError && error.code !== "network" && <span class="code"> {error.code}</span>}
    </>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
