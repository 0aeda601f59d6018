// Looks at a page as axe does, with all of its rules, in the looks that the page has: light, dark, and on a phone.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };
const looks = [
  { name: "light", colorScheme: "light", viewport: desktop },
  { name: "dark", colorScheme: "dark", viewport: desktop },
  { name: "phone", colorScheme: "light", viewport: phone },
] as const;

/** `view`: what is seen, for whoever reads the failure. */
export async function expectAccessible(page: Page, view: string): Promise<void> {
  const found: string[] = [];
  for (const { name, colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, help, nodes } of violations) {
      for (const { target, failureSummary } of nodes) {
        found.push(`${view}, ${name}: ${id} (${help}) at ${target.join(" ")}: ${failureSummary}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(desktop);
  expect(found).toEqual([]);
}
