// Finds a browser of this machine, and starts it without anything that it would do on its own.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** `CHROMIUM`, or what is on PATH. */
export function findBrowser({ CHROMIUM, PATH = "" }: NodeJS.ProcessEnv = process.env): string | null {
  const candidates = CHROMIUM
    ? [CHROMIUM]
    : PATH.split(delimiter).flatMap((directory) => names.map((name) => join(directory, name)));
  return candidates.find((path) => existsSync(path)) ?? null;
}

export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's own sandbox does not start for root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
