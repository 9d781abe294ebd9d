/**
 * The name of this installation: eight random characters in the data directory, part of every
 * client id. Two engines on one account tell their orders apart by it; a directory that is moved
 * takes its name along, and a new one is another installation.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "installation";
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
const LENGTH = 8;

/** Reads the name, or makes one. Throws when the disk refuses or the file holds something else. */
export function installationOf(dataDir: string): string {
  const path = join(dataDir, FILE);
  try {
    // Never over an existing one: then its orders would be another engine's.
    writeFileSync(path, `${newName()}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const name = readFileSync(path, "utf8").trim();
  if (/^[0-9a-z]{8}$/.test(name)) return name;
  throw new Error(`wanted eight characters 0-9 and a-z in ${path}, found "${name.slice(0, 40)}"`);
}

function newName(): string {
  const bytes = crypto.getRandomValues(new Uint32Array(LENGTH));
  return [...bytes].map((value) => DIGITS[value % DIGITS.length]).join("");
}
