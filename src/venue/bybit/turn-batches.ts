/**
 * Orders that leave in one turn go together.
 *
 * The engine changes several quotes in one step, takes back all entries when it is halted, and puts
 * many stops at a start. Each would cost a request of a budget of ten a second. What is asked for
 * before the turn ends is gathered here by operation and sent as batches: cancels first, then
 * amendments, then new orders, so that nothing new meets what is leaving. Batches have a budget of
 * their own beside that of single orders, one for each order inside; what does not fit goes singly,
 * and a single order of a turn goes as it always did. Each order has its own outcome.
 */
import { assert } from "../../kernel/assert.ts";
import type { RequestLimits } from "./budgets.ts";
import { batchOutcomesOf } from "./codec/batch-rows.ts";
import { type BatchBody, type Body, CATEGORY } from "./codec/encode.ts";
import type { RestCaller } from "./rest-client.ts";
import type { SingleOp, TradeResult, TradeSocket } from "./trade-socket.ts";

interface BatchOptions {
  readonly rest: RestCaller;
  readonly limits: RequestLimits;
  /** Null where the venue has none (demo) or it is switched off. */
  readonly trade: TradeSocket | null;
}

interface Waiting {
  readonly body: Body;
  readonly settle: (result: TradeResult | null) => void;
}

/** The venue's limit for linear contracts. */
const BATCH_MAX = 20;
/** The order in which they leave. */
const OPS = ["order.cancel", "order.amend", "order.create"] as const;
/** What a batch of them is called as a path; by socket it is the operation with "-batch". */
const BATCH_PATHS: Readonly<Record<SingleOp, string>> = {
  "order.cancel": "/v5/order/cancel-batch",
  "order.amend": "/v5/order/amend-batch",
  "order.create": "/v5/order/create-batch",
};
/** A cancel says what shall be, so that repeating it is safe. */
const CANCEL_RETRIES = 2;

export class TurnBatches {
  private readonly options: BatchOptions;
  private readonly waiting = new Map<SingleOp, Waiting[]>();
  private isFlushDue = false;

  constructor(options: BatchOptions) {
    this.options = options;
  }

  /** Resolves with null when it was not sent: nothing has happened and another way may be used. */
  send(op: SingleOp, body: Body): Promise<TradeResult | null> {
    const { promise, resolve } = Promise.withResolvers<TradeResult | null>();
    const list = this.waiting.get(op) ?? [];
    this.waiting.set(op, list);
    list.push({ body, settle: resolve });
    if (!this.isFlushDue) queueMicrotask(() => this.flush());
    this.isFlushDue = true;
    return promise;
  }

  private flush(): void {
    this.isFlushDue = false;
    for (const op of OPS) {
      const list = this.waiting.get(op) ?? [];
      this.waiting.delete(op);
      let rest = list;
      while (rest.length > 1) {
        const chunk = this.chunkOf(op, rest);
        if (chunk.length === 0 || !this.sendBatch(op, chunk)) break;
        rest = rest.slice(chunk.length);
      }
      for (const one of rest) this.sendOne(op, one);
    }
  }

  /**
   * As many of the first as the budget takes; none when that is not worth a batch. By REST cancels
   * alone: a lost answer would leave twenty new orders in doubt at once.
   */
  private chunkOf(op: SingleOp, list: readonly Waiting[]): readonly Waiting[] {
    const { limits, trade } = this.options;
    const path = BATCH_PATHS[op];
    const bySocket = trade?.ready === true;
    if (!bySocket && op !== "order.cancel") return [];
    const room = bySocket ? limits.roomBySocket(path) : limits.room(path);
    const count = Math.min(BATCH_MAX, list.length, room);
    return count < 2 ? [] : list.slice(0, count);
  }

  private sendOne(op: SingleOp, { body, settle }: Waiting): void {
    const bySocket = this.options.trade?.request(op, body) ?? null;
    if (bySocket === null) settle(null);
    else void bySocket.then(settle);
  }

  /** False when nothing was sent. */
  private sendBatch(op: SingleOp, chunk: readonly Waiting[]): boolean {
    assert(chunk.length > 1 && chunk.length <= BATCH_MAX, "a batch has the size that is allowed");
    const body = { category: CATEGORY, request: chunk.map((one) => one.body) };
    const { trade } = this.options;
    const bySocket = trade?.requestBatch(op, body) ?? null;
    if (bySocket === null && (trade?.ready === true || op !== "order.cancel")) return false;
    const results = bySocket ?? this.cancelByRest(body);
    void results.then((outcomeOf) => {
      for (const [at, { settle }] of chunk.entries()) settle(outcomeOf(at));
    });
    return true;
  }

  private async cancelByRest(body: BatchBody): Promise<(at: number) => TradeResult | null> {
    const { rest, limits } = this.options;
    const path = BATCH_PATHS["order.cancel"];
    limits.takeMore(path, body.request.length - 1);
    const result = await rest.call({
      method: "POST",
      path,
      body,
      signed: true,
      purpose: "cancel",
      retries: CANCEL_RETRIES,
    });
    // It never left: each may go by itself.
    if (result.kind === "failed") return () => null;
    if (result.kind !== "ok") return () => result;
    const { envelope } = result;
    return batchOutcomesOf(envelope.result, envelope.ext ?? {}, body.request.length);
  }
}
