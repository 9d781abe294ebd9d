import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { WorkerReport } from "../../../src/simulator/worker.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { KEY, SECRET } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const WORKER = join(import.meta.dir, "../../../src/simulator/worker.ts");

function start(options: Record<string, unknown>): {
  worker: Worker;
  report(kind: WorkerReport["kind"]): Promise<any>;
} {
  const worker = new Worker(WORKER);
  const reports: WorkerReport[] = [];
  let wake = (): void => {};
  worker.onmessage = (message: MessageEvent<WorkerReport>) => {
    reports.push(message.data);
    wake();
  };
  worker.postMessage({ kind: "start", options });
  return {
    worker,
    report: async (kind) => {
      for (;;) {
        const found = reports.find((report) => report.kind === kind);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const OPTIONS = {
  seed: "worker",
  symbols: 5,
  port: 0,
  host: "127.0.0.1",
  accounts: [{ apiKey: KEY, apiSecret: SECRET, walletUsdt: "" }],
};

describe("the simulator in a worker", () => {
  test("listens, serves, and stops", async () => {
    const { worker, report } = start(OPTIONS);
    const { port } = await report("listening");
    const url = `http://127.0.0.1:${port}/v5/market/time`;
    expect((await fetch(url)).status).toBe(200);
    worker.postMessage({ kind: "stop" });
    await report("stopped");
    await expect(fetch(url)).rejects.toThrow();
    worker.terminate();
  });

  test("says why it cannot start", async () => {
    const { worker, report } = start({ ...OPTIONS, symbols: 0 });
    expect((await report("error")).text).toContain("cannot list 0 symbols");
    worker.terminate();
  });

  test("does not hold the process open after a stop", async () => {
    const script = `
      const worker = new Worker(${JSON.stringify(WORKER)});
      worker.onmessage = ({ data }) => {
        if (data.kind === "listening") worker.postMessage({ kind: "stop" });
        if (data.kind === "stopped") console.log("stopped");
      };
      worker.postMessage({ kind: "start", options: ${JSON.stringify(OPTIONS)} });`;
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe" });
    expect(await child.exited).toBe(0);
    expect(await new Response(child.stdout).text()).toContain("stopped");
  });
});
