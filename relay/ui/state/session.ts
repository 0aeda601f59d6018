// The key of this tab, and whether one is wanted. Kept in the tab's own storage: another tab asks again.
import { signal } from "@preact/signals";

const storageName = "key";

export const key = signal<string | null>(readKey());
/**
 * Why nothing may be asked for now. `missing`: the relay wants a key. `wrong`: it no longer takes the one that this tab
 * had. `left`: somebody logged out. Null: all is well, as far as is known.
 */
export const refusal = signal<"missing" | "wrong" | "left" | null>(null);

export function setKey(value: string): void {
  try {
    sessionStorage.setItem(storageName, value);
  } catch {
    // Then it lasts as long as the page.
  }
  key.value = value;
  refusal.value = null;
}

export function logOut(): void {
  forgetKey();
  refusal.value = "left";
}

/** Called where the relay answered 401. `used`: the key that it was asked with; an answer to an older one is no news. */
export function refuseKey(used: string | null, isWrong: boolean): void {
  if (refusal.value !== null || used !== key.value) return;
  forgetKey();
  refusal.value = isWrong ? "wrong" : "missing";
}

/** It turned out that the relay wants none. */
export function enterWithoutKey(): void {
  refusal.value = null;
}

function forgetKey(): void {
  try {
    sessionStorage.removeItem(storageName);
  } catch {
    // It was never kept.
  }
  key.value = null;
}

function readKey(): string | null {
  try {
    return sessionStorage.getItem(storageName);
  } catch {
    return null;
  }
}
