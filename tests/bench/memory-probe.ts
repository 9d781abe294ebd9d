/** Preloaded into the measured process: writes what its heap holds to a file, once a second. */
import { heapStats } from "bun:jsc";
import { writeFileSync } from "node:fs";

const EVERY_MS = 1_000;
const path = process.env.SCALPER_PROBE_FILE ?? "";
// The product refuses names of its own prefix that it does not know.
delete process.env.SCALPER_PROBE_FILE;

function write(): void {
  const { heapSize, heapCapacity, extraMemorySize, objectCount } = heapStats();
  writeFileSync(path, JSON.stringify({ heapSize, heapCapacity, extraMemorySize, objectCount }));
}

if (path !== "") setInterval(write, EVERY_MS).unref();
