/** Runs every benchmark beside this file, one after the other, and prints their tables. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const files = readdirSync(import.meta.dir)
  .filter((name) => name.endsWith(".ts") && name !== "run.ts")
  .sort();
const wanted = process.argv[2];

let worst = 0;
for (const name of files.filter((file) => wanted === undefined || file.includes(wanted))) {
  console.log(`\n── ${name}`);
  const child = Bun.spawn([process.execPath, join(import.meta.dir, name)], {
    stdout: "inherit",
    stderr: "inherit",
  });
  worst = Math.max(worst, await child.exited);
}
process.exit(worst);
