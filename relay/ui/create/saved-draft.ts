// Keeps what was entered for as long as the tab lives, without secrets: a reload loses nothing else.
import { type Draft, emptyDraft, withoutSecrets } from "./draft.ts";

/** With the number of its shape: what an older page has saved is not read. */
const storageName = "create-1";

export function readDraft(): Draft | null {
  try {
    const text = sessionStorage.getItem(storageName);
    return text === null ? null : { ...emptyDraft, ...(JSON.parse(text) as Draft) };
  } catch {
    return null;
  }
}

export function saveDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(storageName, JSON.stringify(withoutSecrets(draft)));
  } catch {
    // Storage may be forbidden or full: then a reload loses what was entered.
  }
}

export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(storageName);
  } catch {
    // As above.
  }
}
