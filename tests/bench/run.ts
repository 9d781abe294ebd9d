/**
 * Runs the benchmarks beside this file and prints their tables: `bun run bench` all of them, one
 * after the other; `bun run bench NAME …` those whose names begin so, with the options handed on.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

const args = process.argv.slice(2);
const names = args.filter((arg, at) => !arg.startsWith("--") && !args[at - 1]?.startsWith("--"));
const options = args.filter((arg) => !names.includes(arg));
/** This file, and what is loaded into a measured process. */
const NO_BENCHES = ["run.ts", "memory-probe.ts"];

const files = readdirSync(import.meta.dir)
  .filter((name) => name.endsWith(".ts") && !NO_BENCHES.includes(name))
  .sort();
const wanted = files.filter(
  (file) => names.length === 0 || names.some((name) => file.startsWith(name)),
);
if (wanted.length === 0) {
  const known = files.map((file) => basename(file, ".ts")).join(", ");
  console.error(`no benchmark is called ${names.join(" or ")}: there are ${known}`);
  process.exit(1);
}

let worst = 0;
for (const name of wanted) {
  console.log(`\n── ${basename(name, ".ts")}`);
  const child = Bun.spawn([process.execPath, join(import.meta.dir, name), ...options], {
    stdout: "inherit",
    stderr: "inherit",
  });
  worst = Math.max(worst, await child.exited);
}
process.exit(worst);
