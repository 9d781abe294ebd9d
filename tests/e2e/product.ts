/** Starts what the browser test looks at as a subprocess, and ends exactly that process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
/** The whole product with its embedded exchange has to be up and reachable within this. */
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;

export const ADMIN_PASSWORD = "browser-test-password";

export interface Product {
  readonly dashboardUrl: string;
  readonly user: string;
  readonly password: string;
  /** Everything it printed. */
  output(): string;
  stop(): Promise<void>;
}

/** `bun src/main.ts serve` on free ports with an empty data directory. */
export async function startProduct(): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), "scalper-e2e-"));
  const started = await start([join(ROOT, "src/main.ts"), "serve"], {
    SCALPER_DATA_DIR: dataDir,
    SCALPER_HTTP_PORT: "0",
    SCALPER_MONITOR_PORT: "0",
    SCALPER_SIM_PORT: "0",
    SCALPER_ADMIN_PASSWORD: ADMIN_PASSWORD,
  });
  return {
    ...started,
    user: "admin",
    password: ADMIN_PASSWORD,
    async stop() {
      await started.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The pages over literal data whose prices move. */
export async function startFixture(password: string): Promise<Product> {
  const started = await start([join(import.meta.dir, "fixture-server.ts")], {});
  return { ...started, user: "operator", password };
}

async function start(
  command: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Pick<Product, "dashboardUrl" | "output" | "stop">> {
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...settings },
    stdout: "pipe",
    stderr: "pipe",
  });
  const printed: string[] = [];
  void collect(child.stdout, printed);
  void collect(child.stderr, printed);
  const output = (): string => printed.join("");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await Promise.race([child.exited, Bun.sleep(STOP_MS_MAX)]);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await child.exited;
  };
  const deadlineMs = Date.now() + START_MS_MAX;
  for (;;) {
    const url = await reachable(output());
    if (url !== null) return { dashboardUrl: url, output, stop };
    if (child.exitCode !== null || Date.now() > deadlineMs) {
      await stop();
      throw new Error(`${command.join(" ")} printed no reachable dashboard address:\n${output()}`);
    }
    await Bun.sleep(50);
  }
}

/** The first printed address that answers with the login page. */
async function reachable(text: string): Promise<string | null> {
  for (const [url] of text.matchAll(/http:\/\/(?:127\.0\.0\.1|localhost):\d+/g)) {
    const answer = await fetch(`${url}/login`).catch(() => null);
    if (answer?.ok && (await answer.text()).includes('name="password"')) return url;
  }
  return null;
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.push(decoder.decode(chunk, { stream: true }));
}
