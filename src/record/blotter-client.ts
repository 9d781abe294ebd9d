/**
 * This side of the blotter's thread, which is started with the first question and ended when nobody
 * has asked for a while. A question that is not answered in time costs the thread its life and all
 * questions in it an error, never the program.
 */
import type { Format } from "../blotter/cells.ts";
import type {
  BlotterPage,
  BlotterRows,
  BlotterTotals,
  ListName,
  ListQuery,
  OrderStory,
  PageWanted,
} from "../blotter/rows.ts";
import {
  BlotterBusyError,
  type BlotterReader,
  type BlotterText,
} from "../runtime/ports/blotter.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { JournalDatabase } from "../store/database.ts";
import { newerOf } from "./blotter-lists.ts";
import type { TripsOf } from "./blotter-trips.ts";
import type { BlotterAnswer, BlotterRequest, Question } from "./blotter-worker.ts";
import { answerOf } from "./record-rows.ts";

/** Pages, totals and exports under way; more at once is a script, which is told to slow down. */
const QUESTIONS_MAX = 16;
/** Several times what all rows of a large record take on a busy machine. */
const ANSWER_MS_MAX = 60_000;
/** A person who looks looks again; afterwards the thread's memory is given back. */
const IDLE_MS_MAX = 30_000;

interface BlotterOptions {
  readonly database: JournalDatabase;
  /** Asked at each call: empty until it is known, and then there is nothing. */
  readonly accountKey: () => string;
  /** In whose midnight the account's days begin. */
  readonly timeZone: string;
  readonly money: TripsOf;
  readonly clock: Clock;
  readonly workerUrl: string;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, PromiseWithResolvers<unknown>>;
}

export class BlotterThread implements BlotterReader {
  private readonly options: BlotterOptions;
  private thread: Thread | null = null;
  private cancelIdle: (() => void) | null = null;
  private readonly open = new Set<number>();
  private last = 0;

  constructor(options: BlotterOptions) {
    this.options = options;
  }

  page<Name extends ListName>(query: ListQuery<Name>, wanted: PageWanted) {
    return this.ask<BlotterPage<BlotterRows[Name]>>({ kind: "page", query, wanted });
  }

  totals(query: ListQuery): Promise<BlotterTotals> {
    return this.ask<BlotterTotals>({ kind: "totals", query });
  }

  order(orderId: string): Promise<OrderStory | null> {
    return this.ask<OrderStory | null>({ kind: "order", orderId });
  }

  newer(query: ListQuery, sinceMs: number): number {
    const { database, money, accountKey } = this.options;
    const { roundTrips } = money;
    return newerOf(
      { sqlite: database.sqlite, roundTrips },
      { ...query, accountKey: accountKey() },
      sinceMs,
    );
  }

  text(query: ListQuery, format: Format): BlotterText {
    const thread = this.started();
    const id = this.begin();
    this.send(thread, id, { kind: "text", query, format });
    return {
      next: () => this.answered<string | null>(thread, id, { kind: "next", id }),
      close: () => {
        if (!this.open.has(id)) return;
        thread.worker.postMessage({ kind: "close", id } satisfies BlotterRequest);
        thread.waiting.get(id)?.reject(new Error("the text was closed"));
        thread.waiting.delete(id);
        this.end(id);
      },
    };
  }

  private async ask<Value>(question: Question): Promise<Value> {
    const thread = this.started();
    const id = this.begin();
    try {
      return await this.answered<Value>(thread, id, this.requestOf(id, question));
    } finally {
      this.end(id);
    }
  }

  private requestOf(id: number, question: Question): BlotterRequest {
    const accountKey = this.options.accountKey();
    return { kind: "ask", id, accountKey, question };
  }

  private send({ worker }: Thread, id: number, question: Question): void {
    worker.postMessage(this.requestOf(id, question));
  }

  private answered<Value>(thread: Thread, id: number, request: BlotterRequest): Promise<Value> {
    if (this.thread !== thread) return Promise.reject(new Error("the blotter's thread ended"));
    const answer = Promise.withResolvers<unknown>();
    thread.waiting.set(id, answer);
    const cancel = this.options.clock.after(ANSWER_MS_MAX, () =>
      this.fail(thread, "the record did not answer in time"),
    );
    thread.worker.postMessage(request);
    return answer.promise.then(answerOf<Value>).finally(cancel);
  }

  private begin(): number {
    if (this.open.size >= QUESTIONS_MAX) {
      throw new BlotterBusyError("The blotter answers as much as it can: try again in a moment.");
    }
    this.cancelIdle?.();
    this.last++;
    this.open.add(this.last);
    return this.last;
  }

  private end(id: number): void {
    if (!this.open.delete(id) || this.open.size > 0) return;
    this.cancelIdle?.();
    this.cancelIdle = this.options.clock.after(IDLE_MS_MAX, () => {
      if (this.thread !== null) this.fail(this.thread, "nobody asked");
    });
  }

  private started(): Thread {
    if (this.thread !== null) return this.thread;
    const { database, timeZone, workerUrl } = this.options;
    // A small heap: rows come in windows, and the process has a memory limit.
    const worker = new Worker(workerUrl, { smol: true, ref: false });
    const thread: Thread = { worker, waiting: new Map() };
    worker.addEventListener("message", ({ data }: MessageEvent<BlotterAnswer>) => {
      const answer = thread.waiting.get(data.id);
      thread.waiting.delete(data.id);
      if (data.kind === "failed") answer?.reject(new Error(`cannot read the record: ${data.text}`));
      else answer?.resolve(data.kind === "part" ? data.text : data.value);
    });
    worker.addEventListener("error", ({ message }) => this.fail(thread, message));
    worker.postMessage({ kind: "open", path: database.path, timeZone } satisfies BlotterRequest);
    this.thread = thread;
    return thread;
  }

  private fail(thread: Thread, text: string): void {
    thread.worker.terminate();
    if (this.thread === thread) this.thread = null;
    for (const answer of thread.waiting.values()) answer.reject(new Error(text));
    thread.waiting.clear();
    this.open.clear();
  }
}
