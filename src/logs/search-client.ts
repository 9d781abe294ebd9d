/**
 * This side of the searching thread. It is started with the first search and ended when nobody has
 * searched for a while. A step that is not answered in time (an expression that never ends, a disk
 * that hangs) costs the thread its life and all searches in it an error, never the program.
 */
import type { Clock } from "../runtime/ports/clock.ts";
import {
  type LogSearch,
  LogSearchError,
  type LogSearchQuery,
  type LogSearchStep,
  type LogStepLimits,
  LogsBusyError,
} from "../runtime/ports/log.ts";
import type { SearchAnswer, SearchRequest } from "./search-worker.ts";

/** Each holds 5 MB; more at once is a script, which is told to slow down. */
export const SEARCHES_MAX = 8;
/** Longer than a block takes that must be read from a slow disk: 4 MB. */
const ANSWER_MS_MAX = 5_000;
/** A person who searches searches again; afterwards the thread's memory is given back. */
const IDLE_MS_MAX = 15_000;

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, PromiseWithResolvers<LogSearchStep>>;
}

export class LogSearches {
  private readonly clock: Clock;
  private readonly workerUrl: string;
  private readonly open = new Set<number>();
  private thread: Thread | null = null;
  private cancelIdle: (() => void) | null = null;
  private last = 0;

  constructor(options: { readonly clock: Clock; readonly workerUrl: string }) {
    this.clock = options.clock;
    this.workerUrl = options.workerUrl;
  }

  /** Throws {@link LogsBusyError}. */
  search(path: string, query: LogSearchQuery): LogSearch {
    if (this.open.size >= SEARCHES_MAX) throw new LogsBusyError();
    this.cancelIdle?.();
    const id = ++this.last;
    this.open.add(id);
    const thread = this.started();
    const { filter, order, before } = query;
    send(thread, { kind: "open", id, path, filter, order, before });
    return {
      next: (limits) => this.next(thread, id, limits),
      close: () => this.close(thread, id),
    };
  }

  private next(thread: Thread, id: number, limits: LogStepLimits): Promise<LogSearchStep> {
    if (this.thread !== thread || !this.open.has(id)) {
      return Promise.reject(new LogSearchError("The search was ended."));
    }
    const answered = Promise.withResolvers<LogSearchStep>();
    thread.waiting.set(id, answered);
    const cancel = this.clock.after(limits.forMs + ANSWER_MS_MAX, () =>
      this.end(thread, "The search took too long: wanted a simpler expression."),
    );
    send(thread, { kind: "next", id, limits });
    return answered.promise.finally(cancel);
  }

  private close(thread: Thread, id: number): void {
    if (!this.open.delete(id)) return;
    thread.waiting.get(id)?.reject(new LogSearchError("The search was ended."));
    thread.waiting.delete(id);
    if (this.thread !== thread) return;
    send(thread, { kind: "close", id });
    if (this.open.size > 0) return;
    this.cancelIdle?.();
    this.cancelIdle = this.clock.after(IDLE_MS_MAX, () => this.end(thread, "idle"));
  }

  private started(): Thread {
    if (this.thread !== null) return this.thread;
    // A small heap: what it reads lies in buffers, and the process has a memory limit. A process
    // that is done does not wait for it.
    const worker = new Worker(this.workerUrl, { smol: true, ref: false });
    const thread: Thread = { worker, waiting: new Map() };
    worker.addEventListener("message", ({ data }: MessageEvent<SearchAnswer>) => {
      const answered = thread.waiting.get(data.id);
      thread.waiting.delete(data.id);
      if (data.kind === "step") answered?.resolve(data.step);
      else answered?.reject(new LogSearchError(`The log cannot be searched: ${data.text}.`));
    });
    worker.addEventListener("error", ({ message }) => this.end(thread, message));
    this.thread = thread;
    return thread;
  }

  private end(thread: Thread, text: string): void {
    thread.worker.terminate();
    if (this.thread === thread) this.thread = null;
    for (const answered of thread.waiting.values()) answered.reject(new LogSearchError(text));
    thread.waiting.clear();
    this.open.clear();
  }
}

function send({ worker }: Thread, request: SearchRequest): void {
  worker.postMessage(request);
}
