/**
 * What has to be green before a change lands, as a plain list of named steps. CI runs the same.
 * Ends with one line `N passed, N failed`: the tests of all steps, and each step without tests as
 * one.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** The step runs tests whose counts are added up. */
  readonly counts: boolean;
}

const ROOT = join(import.meta.dir, "..");
const bun = process.execPath;
const bin = (name: string) => join(ROOT, "node_modules/.bin", name);

/** A busy machine is no failure: what hangs is still found, by the minute. */
const PATIENT = ["--timeout", "60000"];

/**
 * Steps of whole processes over real sockets and real seconds: a test that failed is tried once
 * more, and the log says so (`attempt 2`). What is wrong fails twice; a machine that stood still
 * for a second does not.
 */
const TWICE = ["--retry", "1"];

const STEPS: readonly Step[] = [
  { name: "types", command: [bin("tsc"), "--noEmit", "-p", "."], counts: false },
  { name: "lint and format", command: [bin("biome"), "check", "."], counts: false },
  {
    name: "unit",
    command: [bun, "test", ...PATIENT, "tests/unit", "tests/mutants"],
    counts: true,
  },
  { name: "tape", command: [bun, "test", ...PATIENT, "tests/tape"], counts: true },
  { name: "http", command: [bun, "test", ...PATIENT, "tests/http"], counts: true },
  {
    name: "contract",
    command: [bun, "test", ...TWICE, "tests/contract"],
    counts: true,
  },
  { name: "build", command: [bun, "run", "build"], counts: false },
  {
    name: "executable",
    command: [bun, "test", ...TWICE, "tests/executable"],
    counts: true,
  },
  { name: "books soak, a slice", command: [bun, "tests/soak/soak.ts", "--slice"], counts: false },
  {
    name: "program soak, a slice",
    command: [bun, "tests/soak/program.ts", "--slice"],
    counts: false,
  },
  { name: "lives soak, a slice", command: [bun, "tests/soak/lives.ts", "--slice"], counts: false },
  { name: "browser", command: [bun, "test", ...TWICE, "tests/e2e"], counts: true },
];

let passed = 0;
let failed = 0;
const broken: string[] = [];

for (const step of STEPS) {
  const startedAt = performance.now();
  console.log(`\n── ${step.name}: ${step.command.map(short).join(" ")}`);
  const result = await run(step);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  passed += result.passed;
  failed += result.failed;
  if (result.failed > 0) broken.push(step.name);
  console.log(`── ${step.name}: ${result.failed === 0 ? "ok" : "FAILED"} in ${seconds} s`);
}

if (broken.length > 0) console.log(`\nfailed steps: ${broken.join(", ")}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function run(step: Step): Promise<{ passed: number; failed: number }> {
  const child = Bun.spawn([...step.command], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, FORCE_COLOR: "0" },
  });
  const [out, err, code] = await Promise.all([
    relay(child.stdout, process.stdout),
    relay(child.stderr, process.stderr),
    child.exited,
  ]);
  if (!step.counts) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const text = `${out}\n${err}`;
  const counts = { passed: countOf(text, "pass"), failed: countOf(text, "fail") };
  // A runner that died, or ran nothing, is a failure even when no test says so.
  const silent = code !== 0 && counts.failed === 0;
  return silent || counts.passed + counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Passes a stream on as it comes and returns all of it. */
async function relay(
  stream: ReadableStream<Uint8Array>,
  to: { write(chunk: Uint8Array): unknown },
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    to.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function countOf(text: string, word: "pass" | "fail"): number {
  const lines = [...text.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, "gm"))];
  return lines.reduce((sum, [, count]) => sum + Number(count), 0);
}

function short(part: string): string {
  return existsSync(part) && part.startsWith("/") ? (part.split("/").at(-1) ?? part) : part;
}
