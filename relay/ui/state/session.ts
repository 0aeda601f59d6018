// The key of this tab, and whether one is wanted. Kept in the tab's own storage: another tab asks again.
import { signal } from "@preact/signals";

const storageName = "key";

export const key = signal<string | null>(readKey());
/** `missing`: the relay wants one. `wrong`: it refused the one that was given. Null: all is well, as far as is known. */
export const refusal = signal<"missing" | "wrong" | null>(null);

export function setKey(value: string): void {
  sessionStorage.setItem(storageName, value);
  key.value = value;
  refusal.value = null;
}

export function forgetKey(): void {
  sessionStorage.removeItem(storageName);
  key.value = null;
}

/** Called where the relay answered 401. */
export function refuseKey(isWrong: boolean): void {
  forgetKey();
  refusal.value = isWrong ? "wrong" : "missing";
}

function readKey(): string | null {
  try {
    return sessionStorage.getItem(storageName);
  } catch {
    return null;
  }
}
