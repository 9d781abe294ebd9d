/**
 * `bun run mutants [--only TEXT] [--jobs N] [--trust]`: plants each bug of the list in a scratch
 * copy of the tree, runs the smallest tests that should notice, then the wide ones, and prints
 * what survived.
 *
 * A bug that survives everything wants a test, or a word in the list why nobody can see it. The
 * tests must pass without a bug first: a red test would kill every mutant. `--trust` takes that
 * for granted, and leaves the wide tests out: a quick look.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MUTANTS, type Mutant, planted } from "./list.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    only: { type: "string", default: "" },
    trust: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});

const ROOT = join(import.meta.dir, "../..");
const COPIED = ["src", "tests", "views", "static", "migrations", "systemd", "package.json"];
const COPIED_TOO = ["tsconfig.json", "bunfig.toml", "README.md", "bun.lock", "drizzle.config.ts"];
/** A mutant that hangs is noticed, after as many tries. */
const TIMEOUT_MS = 600_000;
const TRIES_MAX = 3;
/** For what the smallest tests let through: the real adapter and a life under kills. */
const WIDE: readonly (readonly string[])[] = [
  ["test", "--timeout", "60000", "--bail=1", "tests/unit/engine", "tests/unit/app", "tests/tape"],
  ["tests/soak/program.ts", "--seed", "mutant", "--seconds", "120"],
  ["tests/soak/life.ts", "--seed", "mutant", "--hours", "0.5"],
  ["test", "--timeout", "60000", "--bail=1", "tests/contract/adapter", "tests/contract/faults"],
];

type Verdict = "killed" | "killed wide" | "survived" | "equivalent" | "stale";

/** A copy of the tree that one job may spoil. */
class Scratch {
  private readonly dir = mkdtempSync(join(tmpdir(), "scalper-mutant-"));

  constructor() {
    for (const name of [...COPIED, ...COPIED_TOO]) {
      cpSync(join(ROOT, name), join(this.dir, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.dir, "node_modules"));
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const path = join(this.dir, mutant.file);
    const source = readFileSync(path, "utf8");
    const wrong = planted(source, mutant);
    if (wrong === null) return "stale";
    writeFileSync(path, wrong);
    try {
      for (const test of mutant.tests) {
        if (!red.has(test) && !(await this.passes(smallest(test)))) return "killed";
      }
      if (mutant.equivalent !== undefined) return "equivalent";
      for (const command of wide) if (!(await this.passes(command))) return "killed wide";
      return "survived";
    } finally {
      writeFileSync(path, source);
    }
  }

  /** A test that ran out of time is asked again: a busy machine kills no mutant. */
  async passes(command: readonly string[]): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      const { isGreen, isLate } = await this.run(command);
      if (isGreen || !isLate || tries === TRIES_MAX) return isGreen;
    }
  }

  private async run(command: readonly string[]): Promise<{ isGreen: boolean; isLate: boolean }> {
    const child = Bun.spawn([process.execPath, ...command], {
      cwd: this.dir,
      stdout: "ignore",
      stderr: "pipe",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const [text, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
    const isLate = child.signalCode !== null || /timed out after \d+ ?ms/.test(text);
    return { isGreen: code === 0, isLate };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** One file after the other: the likeliest stands first, and most bugs end there. */
function smallest(test: string): string[] {
  return ["test", "--timeout", "60000", "--bail=1", test];
}

/** Tests that fail without a bug. */
const red = new Set<string>();
/** Those of the wide ones that pass without a bug. */
const wide: (readonly string[])[] = [];
const wanted = MUTANTS.filter(({ id }) => id.includes(values.only));
const jobs = Math.max(1, Number(values.jobs));
const scratches = Array.from({ length: Math.min(jobs, wanted.length) }, () => new Scratch());
try {
  if (!values.trust) await baseline();
  process.exitCode = report(await judgeAll());
} finally {
  for (const scratch of scratches) scratch.remove();
}

/** What is used passes on the tree as it is. */
async function baseline(): Promise<void> {
  const sets = new Set(wanted.flatMap(({ tests }) => tests));
  const waiting = [...sets];
  await Promise.all(
    scratches.map(async (scratch) => {
      for (let tests = waiting.pop(); tests !== undefined; tests = waiting.pop()) {
        if (await scratch.passes(smallest(tests))) continue;
        red.add(tests);
        console.log(`without any bug these fail, so they judge nobody: bun test ${tests}`);
      }
    }),
  );
  for (const command of WIDE) {
    const passes = await scratches[0]?.passes(command);
    if (passes === true) wide.push(command);
    else console.log(`without any bug this fails, so it judges nobody: bun ${command.join(" ")}`);
  }
  console.log(
    `${sets.size - red.size} of ${sets.size} tests pass without a bug; planting ${wanted.length}`,
  );
}

async function judgeAll(): Promise<ReadonlyMap<Mutant, Verdict>> {
  const verdicts = new Map<Mutant, Verdict>();
  const waiting = [...wanted].toReversed();
  await Promise.all(
    scratches.map(async (scratch) => {
      for (let mutant = waiting.pop(); mutant !== undefined; mutant = waiting.pop()) {
        const verdict = await scratch.judge(mutant);
        verdicts.set(mutant, verdict);
        console.log(`${verdicts.size}/${wanted.length} ${verdict.padEnd(11)} ${mutant.id}`);
      }
    }),
  );
  return verdicts;
}

/** 0 when nothing survived and nothing is stale. */
function report(verdicts: ReadonlyMap<Mutant, Verdict>): number {
  const of = (wantedVerdict: Verdict) =>
    [...verdicts].filter(([, verdict]) => verdict === wantedVerdict).map(([mutant]) => mutant);
  for (const { id, means, find } of of("survived")) {
    console.log(`\nsurvived: ${id}: ${means}\n  ${find.trim()}`);
  }
  for (const { id, equivalent } of of("equivalent")) {
    console.log(`\nequivalent: ${id}: ${equivalent}`);
  }
  for (const { id, find } of of("stale")) console.log(`\nstale: ${id}: not there: ${find.trim()}`);
  const counts = (["killed", "killed wide", "equivalent", "survived", "stale"] as const).map(
    (verdict) => `${of(verdict).length} ${verdict}`,
  );
  console.log(`\n${counts.join(", ")}`);
  return of("survived").length + of("stale").length === 0 ? 0 : 1;
}
