/**
 * The account by REST: open orders, positions, executions and wallet in one snapshot, and the fate
 * of a single order by client id. A snapshot is only delivered whole; until it succeeds it is tried
 * again, since nothing may be traded on half an account.
 */

import type {
  AccountSnapshot,
  ExecutionReport,
  OrderReport,
  WalletReport,
} from "../../domain/event.ts";
import type { ClientOrderId, SymbolId } from "../../domain/units.ts";
import type { Prng } from "../../kernel/prng.ts";
import { failure, type Result, success } from "../../kernel/result.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Counters } from "../common/counters.ts";
import type { RecentIds } from "../common/recent-ids.ts";
import { repeat } from "../common/repeat.ts";
import type { Waits } from "../common/waits.ts";
import type { AccountIdentityReader } from "./account-identity.ts";
import {
  type Decoded,
  decodeExecution,
  decodeOrder,
  decodePosition,
  decodeWallet,
} from "./codec/decode-account.ts";
import { CATEGORY, SETTLE_COINS } from "./codec/encode.ts";
import { openRowsOf } from "./codec/open-rows.ts";
import { countsOf } from "./codec/raw-counts.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import { type Listed, listAll } from "./paged-list.ts";
import type { RestCaller, RestRequest, VenueTime } from "./rest-client.ts";

interface AccountOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly waits: Waits;
  readonly prng: Prng;
  readonly rest: RestCaller;
  readonly time: VenueTime;
  readonly table: SymbolTable;
  readonly counters: Counters;
  readonly executions: RecentIds;
  readonly identity: AccountIdentityReader;
  readonly sink: EventSink;
}

/** The first snapshot looks this far back for executions that happened while we were away. */
const FIRST_LOOK_BACK_MS = 24 * 3_600_000;
/** What one query of the history holds at most (Bybit v5, "Get Trade History"). */
const HISTORY_WINDOW_MS = 7 * 24 * 3_600_000;
/**
 * How far that history goes back: two years (Bybit v5, "Get Trade History"), some hundred windows.
 * A time before it is an error of ours or an account that slept for longer.
 */
const HISTORY_MS_MAX = 730 * 24 * 3_600_000;
/** Later ones overlap by this much: the list may lag behind the stream. */
const OVERLAP_MS = 60_000;
/** Between two fetches: a stream of unusable messages must not become a storm of requests. */
const SPACING_MS = 500;
const RETRY_BACK_OFF = { firstMs: 500, capMs: 5_000 };
/** An order just sent may not be listed yet: "never heard of it" is only believed twice. */
const ASK_AGAIN_MS = 1_000;
const READ_RETRIES = 3;

export class AccountReader {
  private readonly options: AccountOptions;
  private running = false;
  /** The newest cause that waits for the running fetch to end. */
  private nextCause: string | null = null;
  private endSpacing: () => void = () => {};
  /** Venue time; null before the first look, which goes back from the venue's own now. */
  private executionsSinceMs: number | null = null;
  /** Venue time: what was executed until then is in no snapshot. */
  private executionsAfterMs = 0;
  private readonly asking = new Set<ClientOrderId>();
  /** Of the grids that the last snapshot was read with. */
  private readGeneration = 0;

  constructor(options: AccountOptions) {
    this.options = options;
  }

  /** Executions of this venue time and later belong into the next snapshot; see the port. */
  lookBack(sinceVenueAtMs: number, afterVenueAtMs: number): void {
    this.executionsSinceMs = sinceVenueAtMs;
    this.executionsAfterMs = afterVenueAtMs;
  }

  /** Fetches everything; a call during a fetch makes one more fetch afterwards. */
  reconcile(cause: string, isUrgent = false): void {
    const { waits } = this.options;
    this.nextCause = cause;
    if (isUrgent) this.endSpacing();
    if (this.running) return;
    this.running = true;
    this.nextCause = null;
    const fetched = this.fetchUntilWhole(cause).then(() => this.space());
    void fetched.finally(() => {
      this.running = false;
      const next = this.nextCause;
      if (next !== null && !waits.stopped) this.reconcile(next);
    });
  }

  /** The pause after a fetch, which an urgent call ends. */
  private space(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.options.waits.after(SPACING_MS, resolve, resolve);
    this.endSpacing = () => {
      cancel();
      resolve();
    };
    return promise;
  }

  /** Answers with `order_answer`, and only when the venue gave one. */
  ask(clientId: ClientOrderId, symbolId: SymbolId): void {
    if (this.asking.has(clientId)) return;
    this.asking.add(clientId);
    void this.findTwice(clientId, symbolId).finally(() => this.asking.delete(clientId));
  }

  private async fetchUntilWhole(cause: string): Promise<void> {
    const { waits, log, prng, sink, table } = this.options;
    const snapshot = await repeat({
      waits,
      prng,
      backOff: RETRY_BACK_OFF,
      retriesMax: Number.POSITIVE_INFINITY,
      attempt: () => this.fetchIdentified(cause),
      isGood: ({ ok }) => ok,
      onRetry(failed, delayMs) {
        const reason = failed.ok ? "" : failed.problem;
        log.warn("cannot fetch the account; trying again", { cause, reason, delayMs });
      },
    });
    if (!snapshot.ok || waits.stopped) return;
    // A grid changed since it was read: its sizes and prices are in other units.
    if (this.readGeneration !== table.gridGeneration) this.nextCause = cause;
    else sink(snapshot.value);
  }

  /** Whose account it is comes first: what is known of it says how far back to look. */
  private async fetchIdentified(cause: string): Promise<Result<AccountSnapshot, string>> {
    const { identity } = this.options;
    const whose = identity.isKnown ? success("") : await identity.confirm();
    if (whose.ok) return this.fetch(cause);
    identity.assume();
    return whose;
  }

  /** The snapshot, or why there is none. */
  private async fetch(cause: string): Promise<Result<AccountSnapshot, string>> {
    const { time, table, clock, identity } = this.options;
    const requestedAtMs = clock.nowMs();
    const venueAtMs = time.venueNowMs;
    const sinceMs = this.executionsSinceMs ?? venueAtMs - FIRST_LOOK_BACK_MS;
    const startTime = this.startTimeOf(sinceMs, venueAtMs);
    const [orders, positions, executions, wallet, whose] = await Promise.all([
      this.openThings("/v5/order/realtime", { openOnly: 0, limit: 50 }),
      this.openThings("/v5/position/list", { limit: 200 }),
      this.executionsSince(startTime, venueAtMs),
      this.wallet(),
      identity.confirm(),
    ]);
    if (!whose.ok) return whose;
    if (!wallet.ok) return wallet;
    if (!orders.ok) return orders;
    if (!positions.ok) return positions;
    if (executions.kind === "failed") return failure(executions.text);
    this.readGeneration = table.gridGeneration;
    const open = openRowsOf(orders.value, "order", {
      table,
      decode: (item) => decodeOrder(item, table),
    });
    const held = openRowsOf(positions.value, "position", {
      table,
      decode: (item) => decodePosition(item, table),
    });
    const unreadable = [...held.unreadable, ...open.unreadable];
    for (const { what, symbol, fault } of unreadable) {
      this.options.counters.add("unusable_account");
      this.options.log.error(`the venue lists ${what} that cannot be used`, { symbol, fault });
    }
    if (!executions.isComplete) {
      this.options.log.warn("more executions than can be listed; the oldest are left out", {
        sinceMs: startTime,
        count: executions.items.length,
      });
    }
    const found = this.keep(executions.items, (item) => decodeExecution(item, table));
    for (const execution of found) this.options.executions.take(execution.execId);
    this.executionsSinceMs = venueAtMs;
    return success({
      kind: "account_snapshot",
      cause,
      openOrders: open.values,
      positions: held.values,
      executions: oldestFirst(found),
      wallet: wallet.value,
      unreadable,
      venueCounts: countsOf(positions.value, orders.value),
      requestedAtMs,
      requestedVenueAtMs: venueAtMs,
    });
  }

  /** Where the list of executions begins, in venue time. */
  private startTimeOf(sinceMs: number, venueNowMs: number): number {
    const wantedMs = Math.max(this.executionsAfterMs + 1, Math.round(sinceMs - OVERLAP_MS));
    const startMs = Math.max(wantedMs, venueNowMs - HISTORY_MS_MAX);
    if (startMs > wantedMs) {
      this.options.log.error("the venue's history does not go back to where the record ends", {
        wantedMs,
        startMs,
      });
    }
    return startMs;
  }

  /**
   * The raw rows of every settlement coin, contracts that are not traded here included. A list that
   * cannot be had whole is no list.
   */
  private async openThings(
    path: string,
    query: Readonly<Record<string, string | number>>,
  ): Promise<Result<readonly unknown[], string>> {
    const { rest } = this.options;
    const ask = (settleCoin: string) => listAll(rest, read(path, { settleCoin, ...query }));
    const rows: unknown[] = [];
    for (const listed of await Promise.all(SETTLE_COINS.map(ask))) {
      if (listed.kind === "failed") return failure(listed.text);
      if (!listed.isComplete) return failure("a list of open things never ended");
      rows.push(...listed.items);
    }
    return success(rows);
  }

  /** One list a window of the venue's history, which holds seven days; the newest stays open. */
  private async executionsSince(sinceMs: number, venueNowMs: number): Promise<Listed> {
    const items: unknown[] = [];
    let isComplete = true;
    for (let from = sinceMs; ; from += HISTORY_WINDOW_MS) {
      const endTime = from + HISTORY_WINDOW_MS - 1;
      const isNewest = endTime >= venueNowMs;
      const window = { startTime: from, ...(isNewest ? {} : { endTime }), limit: 100 };
      const listed = await listAll(this.options.rest, read("/v5/execution/list", window));
      if (listed.kind === "failed") return listed;
      items.unshift(...listed.items);
      isComplete &&= listed.isComplete;
      if (isNewest) return { kind: "ok", items, isComplete };
    }
  }

  /** Null when the venue names no wallet of our coin. */
  private async wallet(): Promise<Result<WalletReport | null, string>> {
    const query = { accountType: "UNIFIED" };
    const request = { ...read("/v5/account/wallet-balance", {}), query };
    const listed = await listAll(this.options.rest, request);
    if (listed.kind === "failed") return failure(listed.text);
    const [wallet] = this.keep(listed.items, (item) =>
      decodeWallet(item, this.options.time.venueNowMs),
    );
    return success(wallet ?? null);
  }

  /** The usable items; what is not ours is counted, what is unusable is also logged. */
  private keep<Value>(
    items: readonly unknown[],
    decode: (item: unknown) => Decoded<Value>,
  ): Value[] {
    const { counters, log } = this.options;
    const values: Value[] = [];
    for (const item of items) {
      const decoded = decode(item);
      if (decoded.kind === "ok") values.push(decoded.value);
      else if (decoded.kind === "skip") counters.add(`account_${decoded.reason}`);
      else {
        counters.add("unusable_account");
        log.error("part of the account is unusable and was left out", { fault: decoded.fault });
      }
    }
    return values;
  }

  private async findTwice(clientId: ClientOrderId, symbolId: SymbolId): Promise<void> {
    const { waits, sink, log, table } = this.options;
    for (let look = 0; look < 2; look++) {
      if (look > 0) await waits.pause(ASK_AGAIN_MS);
      const { gridGeneration } = table;
      const answer = await this.find(clientId, symbolId);
      // Read with a grid that is no longer counted on: the engine asks again.
      if (waits.stopped || gridGeneration !== table.gridGeneration) return;
      if (!answer.ok) {
        const reason = answer.problem;
        log.warn("the venue does not answer about an order; it stays unknown", {
          clientId,
          reason,
        });
        return;
      }
      if (answer.value !== null || look > 0) {
        sink({ kind: "order_answer", clientId, report: answer.value });
        return;
      }
    }
  }

  /** Open and recently closed orders first, then the history; null when neither knows it. */
  private async find(
    clientId: ClientOrderId,
    symbolId: SymbolId,
  ): Promise<Result<OrderReport | null, string>> {
    const { rest, table } = this.options;
    const symbol = table.at(symbolId)?.symbol ?? "";
    for (const path of ["/v5/order/realtime", "/v5/order/history"]) {
      const listed = await listAll(rest, read(path, { symbol, orderLinkId: clientId }));
      if (listed.kind === "failed") return failure(listed.text);
      const reports = this.keep(listed.items, (item) => decodeOrder(item, table));
      const report = reports.find((candidate) => candidate.clientId === clientId);
      if (report !== undefined) return success(report);
      if (listed.items.length > reports.length) return failure("its report is unusable");
    }
    return success(null);
  }
}

function read(path: string, query: Readonly<Record<string, string | number>>): RestRequest {
  return {
    method: "GET",
    path,
    query: { category: CATEGORY, ...query },
    signed: true,
    purpose: "read",
    retries: READ_RETRIES,
  };
}

/** The venue lists newest first and leaves equal times in any order. */
function oldestFirst(executions: readonly ExecutionReport[]): ExecutionReport[] {
  return executions.toReversed().sort((left, right) => left.venueAtMs - right.venueAtMs);
}
