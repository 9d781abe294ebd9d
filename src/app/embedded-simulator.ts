/** Starts the embedded simulator in a Worker of this process, off the trading thread. */
import { SIMULATOR_WORKER_URL } from "../embedded.ts";

export interface EmbeddedSimulator {
  readonly port: number;
  stop(): Promise<void>;
}

interface EmbeddedSimulatorOptions {
  readonly seed: string;
  readonly symbols: number;
  readonly port: number;
  readonly host: string;
  readonly accounts: readonly { apiKey: string; apiSecret: string; walletUsdt: string }[];
}

type FromWorker =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "error"; readonly text: string };

/** A worker that has not answered by then never will; terminating it loses nothing. */
const STOP_WAIT_MS = 1_000;

/**
 * Resolves when the simulator listens. `onDeath` is called with a text when it dies later.
 * Rejects with an operator's text when it cannot start (port taken).
 */
export function startEmbeddedSimulator(
  options: EmbeddedSimulatorOptions,
  onDeath: (text: string) => void,
): Promise<EmbeddedSimulator> {
  // A small heap: the worker is not on the trading path, and the process has a memory limit.
  const worker = new Worker(SIMULATOR_WORKER_URL, { smol: true });
  const started = Promise.withResolvers<EmbeddedSimulator>();
  let listening = false;
  let stopping = false;

  function stop(): Promise<void> {
    stopping = true;
    const stopped = Promise.withResolvers<void>();
    const finish = () => {
      worker.terminate();
      stopped.resolve();
    };
    const timer = setTimeout(finish, STOP_WAIT_MS);
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
      if (event.data.kind !== "stopped") return;
      clearTimeout(timer);
      finish();
    });
    worker.postMessage({ kind: "stop" });
    return stopped.promise;
  }

  function fail(text: string): void {
    if (!listening) started.reject(new Error(text));
    else if (!stopping) onDeath(text);
  }

  worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
    if (event.data.kind === "error") fail(event.data.text);
    if (event.data.kind !== "listening") return;
    listening = true;
    started.resolve({ port: event.data.port, stop });
  });
  worker.addEventListener("error", (event) => fail(event.message));
  worker.postMessage({ kind: "start", options });
  return started.promise;
}
