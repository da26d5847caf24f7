import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

/** Where Chromium is looked for: `CHROMIUM_PATH` first, then where distributions put it. */
const places = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** Whether tests in a browser are left out: on a machine without one, never on a build server (`CI`), where they fail. */
export const browserIsMissing = chromiumPath === undefined && !process.env["CI"];

/**
 * Starts the Chromium of this machine without a window and without calls of its own.
 * @throws Error when there is none
 */
export function startBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) {
    throw new Error(
      `Cannot start Chromium: CHROMIUM_PATH or one of ${places.slice(1).join(", ")} is wanted, none is there (Debian: apt-get install chromium)`,
    );
  }
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What a page did that a page of ours must not do; filled as it happens. */
export interface Misconduct {
  /** Addresses of other origins that it asked. */
  readonly foreign: readonly string[];
  /** Errors of its console, its scripts and its policy. */
  readonly complaints: readonly string[];
}

/** Keeps an eye on a page from now on. */
export function watched(page: Page, origin: string): Misconduct {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) foreign.push(url);
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { foreign, complaints };
}
