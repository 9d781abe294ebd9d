/** Runs the fixture server as a process of its own, and ends exactly that process. */
import { join } from "node:path";

const START_MS_MAX = 60_000;

export interface FixtureProduct {
  readonly dashboard: string;
  stop(): Promise<void>;
  /** Sends any signal: SIGKILL, SIGSTOP, SIGCONT, SIGUSR2 for a full disk. */
  signal(name: NodeJS.Signals): void;
}

/** Port 0 takes any; a given one is for coming back on the same address. */
export async function startFixture(port = 0, ...runs: readonly string[]): Promise<FixtureProduct> {
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, "fixture-server.ts"), String(port), ...runs],
    { stdout: "pipe", stderr: "inherit" },
  );
  const signal = (name: NodeJS.Signals): void => {
    child.kill(name);
  };
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await child.exited;
  };
  let printed = "";
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    printed += decoder.decode(chunk, { stream: true });
    if (!printed.includes("\n")) continue;
    clearTimeout(deadline);
    return { dashboard: JSON.parse(printed.split("\n")[0] ?? "").dashboard, stop, signal };
  }
  throw new Error(`the fixture server ended before it printed its address: ${printed}`);
}
