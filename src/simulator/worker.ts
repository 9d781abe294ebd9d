/**
 * The simulated exchange in a worker thread: keeps its cost off the trading loop.
 *
 * In: `{kind:"start", options}` once, `{kind:"stop"}`. Out: `{kind:"listening", port}`,
 * `{kind:"stopped"}` or `{kind:"error", text}`. After a stop nothing holds the thread open.
 */
import { type RunningSimulator, type SimulatorOptions, startSimulatorServer } from "./index.ts";

export type WorkerRequest =
  | { readonly kind: "start"; readonly options: SimulatorOptions }
  | { readonly kind: "stop" };
export type WorkerReport =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "error"; readonly text: string };

declare const self: Worker;

let running: RunningSimulator | null = null;

self.onmessage = (message: MessageEvent<WorkerRequest | { options: SimulatorOptions }>) => {
  handle(message.data).catch((error: unknown) => {
    report({ kind: "error", text: error instanceof Error ? error.message : String(error) });
  });
};

async function handle(request: WorkerRequest | { options: SimulatorOptions }): Promise<void> {
  if ("options" in request) {
    running = await startSimulatorServer(request.options);
    report({ kind: "listening", port: running.port });
    return;
  }
  await running?.stop();
  running = null;
  report({ kind: "stopped" });
  self.onmessage = null;
}

function report(message: WorkerReport): void {
  self.postMessage(message);
}
