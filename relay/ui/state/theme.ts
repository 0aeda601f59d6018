// Light, dark, or as the system has it. Applied before the first paint by public/assets/theme.js.
import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const storageName = "theme";
const following: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

const applied = document.documentElement.dataset.theme;
export const theme = signal<Theme>(applied === "light" || applied === "dark" ? applied : "system");

export function switchTheme(): void {
  theme.value = following[theme.value];
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
  try {
    localStorage.setItem(storageName, theme.value);
  } catch {
    // Then it lasts as long as the page.
  }
}
