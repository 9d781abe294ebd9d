/**
 * The embedded exchange: a simulator in a Worker of this process, off the trading thread, kept
 * alive on one port for as long as the program runs.
 */
import { SIMULATOR_WORKER_URL } from "../embedded.ts";
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import { type Port, portText } from "../web/port-text.ts";
import { StartError } from "./start-error.ts";

/** What a worker is told to serve; the same shape as the simulator's own options. */
interface SimulatorOptions {
  readonly seed: string;
  readonly symbols: number;
  readonly delayMs: readonly [least: number, most: number];
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  readonly accounts: readonly { apiKey: string; apiSecret: string; walletUsdt: string }[];
}

interface EmbeddedOptions {
  readonly simulator: SimulatorOptions;
  readonly clock: Clock;
  readonly log: LogPort;
  /** The worker's entry; the product's own when left out. */
  readonly workerUrl?: string;
}

interface EmbeddedExchange {
  /** Resolves with the port. Rejects with {@link StartError} when it cannot listen. */
  open(): Promise<number>;
  /** At any moment, also while it opens. */
  stop(): Promise<void>;
}

/** Listing 611 contracts takes a fifth of a second; a worker that is silent for so long hangs. */
const START_MS_MAX = 15_000;
/** A worker that has not answered by then never will; terminating it loses nothing. */
const STOP_MS_MAX = 1_000;
/** A dead simulator comes back after this; the adapter meanwhile sees a venue that is down. */
const RESTART_MS = 1_000;

function portOf({ host, port }: SimulatorOptions): Port {
  return { what: "embedded exchange", host, port, setting: "SCALPER_SIM_PORT" };
}

export function embeddedExchange(options: EmbeddedOptions): EmbeddedExchange {
  const { clock, log, simulator } = options;
  let worker: SimulatorWorker | null = null;
  let isStopped = false;

  async function start(port: number): Promise<number> {
    const next = startWorker(options, port);
    worker = next;
    const listening = await next.listening;
    void next.died.then((text) => {
      if (isStopped) return;
      log.error("the embedded exchange died; starting it again", { text });
      again(listening);
    });
    return listening;
  }

  function again(port: number): void {
    clock.after(RESTART_MS, () => {
      if (isStopped) return;
      start(port).catch((error: unknown) => {
        log.error("the embedded exchange cannot start; trying again", { text: errorText(error) });
        again(port);
      });
    });
  }

  return {
    open: () =>
      start(simulator.port).catch((error: unknown) => {
        throw new StartError(portText(portOf(simulator), errorText(error)));
      }),
    async stop() {
      isStopped = true;
      await worker?.stop();
    },
  };
}

type FromWorker =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "error"; readonly text: string };

interface SimulatorWorker {
  /** The port; rejects with a text when the worker fails, ends or is stopped before it listens. */
  readonly listening: Promise<number>;
  /** Why it ended, if it does so by itself. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

function startWorker(
  { simulator, clock, log, workerUrl }: EmbeddedOptions,
  port: number,
): SimulatorWorker {
  // A small heap: the worker is not on the trading path, and the process has a memory limit.
  const worker = new Worker(workerUrl ?? SIMULATOR_WORKER_URL, { smol: true });
  const listening = Promise.withResolvers<number>();
  const died = Promise.withResolvers<string>();
  const stopped = Promise.withResolvers<void>();
  const cancelWait = clock.after(START_MS_MAX, () => fail("it did not answer in time"));

  function fail(text: string): void {
    cancelWait();
    listening.reject(new Error(text));
    died.resolve(text);
    stopped.resolve();
    worker.terminate();
  }

  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "error") return fail(data.text);
    if (data.kind === "stopped") return stopped.resolve();
    cancelWait();
    listening.resolve(data.port);
  });
  worker.addEventListener("error", ({ message }) => {
    log.error("the embedded exchange's worker failed", { text: message });
    fail(sentenceOf(message));
  });
  worker.addEventListener("close", () => fail("its thread ended"));
  worker.postMessage({ kind: "start", options: { ...simulator, port } });
  return {
    listening: listening.promise,
    died: died.promise,
    async stop() {
      worker.postMessage({ kind: "stop" });
      const cancel = clock.after(STOP_MS_MAX, () => stopped.resolve());
      await stopped.promise;
      cancel();
      fail("it was stopped");
    },
  };
}

/** What was thrown, out of a text that may quote the source and the stack around it. */
function sentenceOf(message: string): string {
  const thrown = /^(?:\w*Error|error): (.*)$/m.exec(message)?.[1];
  return thrown ?? message.split("\n")[0] ?? "";
}
