/**
 * A real Chromium for the browser test: the first found of CHROMIUM_PATH, a system one, and the one
 * inside the npm package. Everything that would talk to the outside by itself is off.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** Null with a reason on the console where no browser can be started. */
export async function launchBrowser(): Promise<Browser | null> {
  for (const find of [fromEnvironment, fromSystem, fromPackage]) {
    const executablePath = await find();
    if (executablePath === null) continue;
    try {
      return await chromium.launch({ executablePath, args: FLAGS });
    } catch (error) {
      const [reason] = String(error).split("\n");
      console.log(`cannot start ${executablePath}: ${reason}`);
    }
  }
  return null;
}

async function fromEnvironment(): Promise<string | null> {
  return process.env.CHROMIUM_PATH ?? null;
}

async function fromSystem(): Promise<string | null> {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return places.find((path) => existsSync(path)) ?? null;
}

async function fromPackage(): Promise<string | null> {
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    return await packed.executablePath();
  } catch {
    return null;
  }
}
