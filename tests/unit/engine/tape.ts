/**
 * Drives an engine by lines of text and writes down what it asks for, so that a test reads like a
 * tape: events in, effects out. Timers that the engine sets fire when the tape waits past them.
 */

import { expect } from "bun:test";
import type {
  AccountSnapshot,
  ExecKind,
  ExecutionReport,
  OrderReport,
  PositionReport,
  RejectReason,
  UnreadableRow,
  VenueOrderStatus,
} from "../../../src/domain/event.ts";
import { OPERATOR_ACTIONS } from "../../../src/domain/event.ts";
import { type Instrument, OWN_UNITS } from "../../../src/domain/instrument.ts";
import { recounted } from "../../../src/domain/recount.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type Side,
  type SymbolId,
} from "../../../src/domain/units.ts";
import type { AccountPast, EngineInput } from "../../../src/engine/account-past.ts";
import type { AuditTick } from "../../../src/engine/audit.ts";
import type { Effect } from "../../../src/engine/effect.ts";
import { createEngine, type EngineState } from "../../../src/engine/state.ts";
import type { EngineOptions } from "../../../src/engine/state-parts.ts";
import { step, tell } from "../../../src/engine/step.ts";
import { gridOf } from "../../../src/kernel/decimal.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { DEFAULT_PROTECTION } from "../../../src/risk/protection.ts";
import { DEFAULT_UNIVERSE } from "../../../src/universe/universe-parameters.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { commandOf } from "../../support/commands.ts";
import { tickerOf } from "../../support/frames.ts";
import { openedOf } from "../../support/known-account.ts";
import { setupsOf } from "../../support/strategies.ts";
import {
  cashLogOf,
  cashWalletOf,
  pay,
  stopResultOf,
  type TapeAccount,
  termsAnswer,
  walletNews,
  walletOf,
} from "./tape-account.ts";
import { clientIdOf, short } from "./tape-ids.ts";

export const START_MS = Date.UTC(2026, 0, 5, 12);

/** Symbols A, B, C …: tick 0.1, step 0.01, so that 1000 ticks × 100 steps are 100 USDT. */
export function instrumentOf(index: number, terms: Partial<Instrument> = {}): Instrument {
  return {
    id: index as SymbolId,
    venue: "tape",
    symbol: String.fromCharCode(65 + index),
    baseCoin: String.fromCharCode(65 + index),
    quoteCoin: "USDT",
    status: "trading",
    launchAtMs: 0,
    price: gridOf("0.1"),
    qty: gridOf("0.01"),
    ...OWN_UNITS,
    qtyStepsMin: 1 as QtySteps,
    limitQtyStepsMax: 100_000 as QtySteps,
    marketQtyStepsMax: 50_000 as QtySteps,
    notionalMin: parseFixed("5") ?? 0n,
    leverageMax: 50,
    fundingIntervalMin: 480,
    ...terms,
  };
}

/** A maker that quotes wherever it can. */
export const EAGER_MAKER = {
  edgeBpsMin: -100,
  volatilityBpsMax: 30,
  leanImbalance: 0.5,
  exitAgedMs: 10_000,
  holdingMsMax: 45_000,
};

export const OPTIONS: EngineOptions = {
  runId: "t",
  earlierRuns: new Set(["old", "older"]),
  autoTrade: true,
  limits: DEFAULT_LIMITS,
  protection: DEFAULT_PROTECTION,
  strategies: setupsOf({ maker: EAGER_MAKER }),
  universe: { ...DEFAULT_UNIVERSE, enterScore: 1, leaveScore: 0.5, samplesMin: 1 },
};

export class Tape {
  readonly state: EngineState;
  readonly effects: Effect[] = [];
  readonly ticks: AuditTick[] = [];
  atMs = START_MS;
  private isWalletTold = false;
  readonly account: TapeAccount = {
    marginMode: "cross",
    leverage: 10,
    walletUsdt: "10000",
    paidUsdt: "0",
  };
  private seq = 0;
  private lines: string[] = [];
  private updateId = 0;
  private venueMs = START_MS;
  execCount = 0;
  private readonly timers = new Map<string, number>();
  private readonly symbols: number;
  private readonly past: Partial<AccountPast>;

  constructor(options: Partial<EngineOptions & AccountPast> = {}, symbols = 1) {
    this.past = options;
    this.state = createEngine({ ...OPTIONS, ...options });
    this.symbols = symbols;
  }

  /** An engine that was armed and is halted now: it looks after what it has and enters nothing. */
  static halted(symbols = 1): Tape {
    const tape = new Tape({}, symbols);
    tape.state.control.hasWord = true;
    tape.state.control.armed = false;
    tape.state.control.haltReason = "for the test";
    tape.state.control.haltCause = "operator";
    return tape;
  }

  send(event: EngineInput): readonly Effect[] {
    this.seq++;
    const stamp = { seq: this.seq, atMs: this.atMs };
    const done = step(this.state, event, stamp);
    const told = tell(this.state, stamp);
    const effects = told.length === 0 ? done : [...done, ...told];
    for (const effect of effects) this.take(effect);
    for (const effect of effects) {
      const answer = termsAnswer(effect, this.account);
      if (answer !== null) this.send(answer);
    }
    return effects;
  }

  /** Moves time and fires what falls due on the way, in order. */
  wait(forMs: number): void {
    const untilMs = this.atMs + forMs;
    const news = walletNews(this.state, this.account);
    if (news !== null) this.send({ ...news, venueAtMs: ++this.venueMs });
    for (;;) {
      const due = [...this.timers]
        .filter(([, dueAtMs]) => dueAtMs <= untilMs)
        .sort((left, right) => left[1] - right[1] || (left[0] < right[0] ? -1 : 1))[0];
      if (due === undefined) break;
      this.timers.delete(due[0]);
      this.atMs = Math.max(this.atMs, due[1]);
      this.send({ kind: "timer", name: due[0] });
    }
    this.atMs = untilMs;
  }

  /** Feeds lines in and returns the lines the engine answered with. */
  play(script: string): string[] {
    this.lines = [];
    for (const line of rowsOf(script)) this.obey(line.split(" "));
    return this.lines;
  }

  check(script: string, expected: string): void {
    expect(this.play(script)).toEqual(rowsOf(expected));
  }

  /** Everything up, one look at the universe: the engine is trading when autoTrade is on. */
  ready(): this {
    // Three books a second apart or more are the first return: every feature is warm.
    if (this.seq === 0) this.atMs = START_MS - 1_000;
    this.play("instruments\nfeed market up\nfeed private up\nfeed rest up\nsnapshot");
    for (let index = 0; index < this.symbols; index++) {
      this.play(`ticker ${String.fromCharCode(65 + index)} 100.05`);
    }
    for (const waitMs of [0, 1_000, 1_500]) {
      this.play(`wait ${waitMs}`);
      for (let index = 0; index < this.symbols; index++) {
        this.play(`book ${String.fromCharCode(65 + index)} 1000x9000 1001x9000`);
      }
    }
    return this;
  }

  private obey(words: string[]): void {
    const [verb = "", ...rest] = words;
    const verbs: Record<string, (rest: string[]) => void> = {
      wait: ([ms = "0"]) => this.wait(Number(ms)),
      instruments: () => this.instruments(),
      grid: ([symbol = "", tick = "", step = ""]) => this.grid(symbol, { tick, step }),
      listed: ([symbol = "", status = ""]) => this.listed(symbol, status),
      feed: ([feed = "", word = ""]) => this.feed(feed, word),
      banned: ([ms = "600000"]) => this.banned(Number(ms)),
      book: (words) => this.book(words),
      fault: ([symbol = ""]) =>
        this.send({ kind: "book_fault", symbolId: idOf(symbol), fault: "test" }),
      ticker: ([symbol = "", mark = "", turnover = "30000000"]) =>
        this.ticker(symbol, mark, turnover),
      accepted: ([id = ""]) => this.submitResult(id, "accepted"),
      rejected: ([id = "", reason = "margin"]) => this.submitResult(id, "rejected", reason),
      failed: ([id = ""]) => this.submitResult(id, "failed"),
      unknown: ([id = ""]) => this.submitResult(id, "unknown"),
      gone: ([id = ""]) => this.cancelResult(id, "gone"),
      cancel_failed: ([id = ""]) => this.cancelResult(id, "failed"),
      report: ([id = "", status = "", filled = "0"]) => this.send(this.report(id, status, filled)),
      stop: (words) => this.send(stopResultOf(words)),
      answer: ([id = "", status = "", filled = "0"]) => this.answer(id, status, filled),
      exec: (words) => this.send(this.execution(words)),
      forced: ([kind = "", ...words]) =>
        this.send({ ...this.execution(words), execKind: kind as ExecKind }),
      position: ([symbol = "", steps = "0", stop = ""]) =>
        this.send(this.position(symbol, steps, stop)),
      snapshot: (words) => this.send(this.snapshot(words)),
      wallet: ([equity = "0"]) => {
        // A tape without a wallet of its own has the one that it is told.
        this.isWalletTold ||= this.account.walletUsdt === "";
        if (this.isWalletTold) this.account.walletUsdt = equity;
        const { walletBalance } = cashWalletOf(this.state, this.account, this.venueMs);
        this.send({ ...walletOf(equity, ++this.venueMs), walletBalance });
      },
      paid: ([change = "0"]) => pay(this.account, change),
      cash_log: (words) => this.send(cashLogOf(words, this.atMs, this.venueMs)),
      unreadable: (words) => this.send(unreadableOf(words)),
      operator: ([action = "", symbol = ""]) => this.operator(action, symbol),
      record: ([word = ""]) =>
        this.send({ kind: "record_status", up: word === "up", detail: "the disk is full" }),
      leave: () => this.send({ kind: "leave", reason: "stopping: SIGTERM" }),
    };
    const run = verbs[verb];
    if (run === undefined) throw new Error(`the tape knows no "${verb}"`);
    run(rest);
  }

  private instruments(): void {
    const instruments = Array.from({ length: this.symbols }, (_, index) => instrumentOf(index));
    this.send({ kind: "instruments", instruments });
    this.send({ kind: "account_identity", accountId: "1" });
  }

  /** `grid A 0.1 0.01`: the venue lists the contract with another tick and step from now on. */
  private grid(symbol: string, { tick, step }: { tick: string; step: string }): void {
    const known = this.state.market.instruments();
    const instruments = known.map((instrument) => {
      if (instrument.symbol !== symbol) return instrument;
      const listed = { price: gridOf(tick), qty: gridOf(step) };
      const now = recounted(instrument, instrumentOf(instrument.id, listed));
      if (now === null) throw new Error("the adapter lists no such grid");
      return now;
    });
    this.send({ kind: "instruments", instruments });
  }

  /** `listed A closed`: the contract's status on the venue's list. */
  private listed(symbol: string, status: string): void {
    const instruments = this.state.market
      .instruments()
      .map((instrument) =>
        instrument.symbol === symbol
          ? { ...instrument, status: status as Instrument["status"] }
          : instrument,
      );
    this.send({ kind: "instruments", instruments });
  }

  private feed(feed: string, word: string): void {
    if (feed !== "market" && feed !== "private" && feed !== "rest") throw new Error(feed);
    this.send({ kind: "feed_status", feed, up: word === "up", detail: "test" });
  }

  /** The venue shuts this address out for so long. */
  private banned(forMs: number): void {
    const bannedUntilMs = this.atMs + forMs;
    const detail = "address banned until then";
    this.send({ kind: "feed_status", feed: "rest", up: false, detail, bannedUntilMs });
  }

  /** `book A 1000x5 1001x5`: a snapshot with one level a side. */
  private book([symbol = "", bid = "", ask = ""]: string[]): void {
    this.updateId++;
    const level = (text: string) => Float64Array.from(text.split("x").map(Number));
    this.send({
      kind: "book",
      symbolId: idOf(symbol),
      depth: 50,
      isSnapshot: true,
      sequence: this.updateId,
      venueAtMs: this.atMs,
      bidCount: 1,
      askCount: 1,
      bids: level(bid),
      asks: level(ask),
    });
  }

  private ticker(symbol: string, markPrice: string, turnover24h: string): void {
    const fields = { markPrice, lastPrice: "100.0", turnover24h };
    const frame = tickerOf(true, fields, instrumentOf(idOf(symbol)));
    this.send({ ...frame, venueAtMs: this.atMs });
  }

  private submitResult(
    id: string,
    result: "accepted" | "rejected" | "failed" | "unknown",
    reason = "margin",
  ): void {
    const clientId = clientIdOf(id);
    const text = "test";
    const outcome =
      result === "accepted"
        ? ({ result, venueOrderId: asVenueOrderId(`v${id}`) } as const)
        : result === "rejected"
          ? ({ result, reason: reason as RejectReason, text } as const)
          : ({ result, text } as const);
    this.send({ kind: "submit_result", clientId: asClientOrderId(clientId), outcome });
  }

  private cancelResult(id: string, result: "gone" | "failed"): void {
    const outcome = { result, text: "test" } as const;
    this.send({ kind: "cancel_result", clientId: asClientOrderId(clientIdOf(id)), outcome });
  }

  /** `report #1 filled 100`: of one of our orders, or of a stranger's client id. */
  private report(id: string, status: string, filled: string): OrderReport {
    const clientId = clientIdOf(id);
    const intent = this.state.orders.find(asClientOrderId(clientId), asVenueOrderId(""))?.intent;
    return {
      kind: "order_report",
      symbolId: intent?.symbolId ?? (0 as SymbolId),
      venueOrderId: asVenueOrderId(`v${id}`),
      clientId: asClientOrderId(clientId),
      side: intent?.side ?? "buy",
      status: status as VenueOrderStatus,
      priceTicks: intent?.priceTicks ?? (1000 as PriceTicks),
      qtySteps: intent?.qtySteps ?? (100 as QtySteps),
      filledSteps: Number(filled) as QtySteps,
      reduceOnly: intent?.reduceOnly ?? false,
      triggerTicks: null,
      detail: "",
      venueAtMs: ++this.venueMs,
    };
  }

  private answer(id: string, status: string, filled: string): void {
    const report = status === "none" ? null : this.report(id, status, filled);
    this.send({ kind: "order_answer", clientId: asClientOrderId(clientIdOf(id)), report });
  }

  /** `exec #1 40 1000` or, of nobody's order, `exec - 40 1000 sell A`. */
  private execution([id = "", qty = "", price = "", side, symbol]: string[]): ExecutionReport {
    const clientId = id === "-" ? "" : clientIdOf(id);
    const intent = this.state.orders.find(asClientOrderId(clientId), asVenueOrderId(""))?.intent;
    this.execCount++;
    return {
      kind: "execution",
      execKind: "trade",
      execId: asExecId(`e${this.execCount}`),
      symbolId: symbol === undefined ? (intent?.symbolId ?? (0 as SymbolId)) : idOf(symbol),
      venueOrderId: asVenueOrderId(id === "-" ? "x" : `v${id}`),
      clientId: asClientOrderId(clientId),
      side: (side as Side | undefined) ?? intent?.side ?? "buy",
      priceTicks: Number(price) as PriceTicks,
      qtySteps: Number(qty) as QtySteps,
      fee: parseFixed("0.002") ?? 0n,
      isMaker: true,
      venueAtMs: ++this.venueMs,
    };
  }

  private position(symbol: string, steps: string, stop: string): PositionReport {
    return {
      kind: "position_report",
      symbolId: idOf(symbol),
      positionSteps: Number(steps),
      entryPriceText: steps === "0" ? "" : "100",
      stopLossTicks: stop === "" ? null : (Number(stop) as PriceTicks),
      venueAtMs: ++this.venueMs,
    };
  }

  /** `snapshot order:#1 position:A:100:990 exec:#1:40:1000 asked:-500`, parts in any number. */
  private snapshot(words: string[]): AccountSnapshot {
    const parts = words.map((word) => word.split(":"));
    const of = (name: string) =>
      parts.filter((part) => part[0] === name).map((part) => part.slice(1));
    this.venueMs += Number(of("later")[0]?.[0] ?? 0);
    const askedAgoMs = Number(of("asked")[0]?.[0] ?? 0);
    const fresh = of("order").map(([id = ""]) => this.report(id, "new", "0"));
    // Resting since before the tape began.
    const stale = of("stale").map(([id = ""]) => this.report(id, "new", "0"));
    const openOrders = [...fresh, ...stale.map((row) => ({ ...row, venueAtMs: START_MS }))];
    const positions = of("position").map(([symbol = "", steps = "0", stop = ""]) =>
      this.position(symbol, steps, stop),
    );
    const unreadable = of("unreadable").map((row) => unreadableOf(row));
    const isOpen = ({ what }: UnreadableRow) => what === "position";
    return {
      kind: "account_snapshot",
      cause: "test",
      openOrders,
      positions,
      executions: of("exec").map((exec) => this.execution(exec)),
      wallet:
        this.account.walletUsdt === ""
          ? null
          : cashWalletOf(this.state, this.account, ++this.venueMs),
      unreadable,
      venueCounts: {
        openPositions:
          positions.filter(({ positionSteps }) => positionSteps !== 0).length +
          unreadable.filter(isOpen).length,
        openingOrders:
          openOrders.filter(({ reduceOnly }) => !reduceOnly).length +
          unreadable.filter((row) => !isOpen(row)).length,
      },
      requestedAtMs: this.atMs + askedAgoMs,
      requestedVenueAtMs: this.venueMs,
    };
  }

  /** `operator halt`, `operator close_symbol A`. */
  private operator(name: string, symbol: string): void {
    const action = OPERATOR_ACTIONS.find((known) => known === name);
    if (action === undefined) throw new Error(name);
    this.send(commandOf(action, { symbol, id: `tape-${this.seq + 1}` }));
  }

  private take(effect: Effect): void {
    this.effects.push(effect);
    if (effect.kind === "set_timer") this.timers.set(effect.name, effect.dueAtMs);
    if (effect.kind === "open_account") this.send(openedOf(effect.accountId, this.past));
    if (effect.kind === "audit") this.ticks.push(effect.tick);
    const line = lineOf(effect);
    if (line !== null) this.lines.push(line);
  }
}

/** One effect as a line; the record and the routine are left out. */
function lineOf(effect: Effect): string | null {
  switch (effect.kind) {
    case "submit": {
      const { order } = effect;
      const price = order.priceTicks === null ? "market" : `@ ${order.priceTicks}`;
      const stop = order.stopLossTicks === null ? "" : ` stop ${order.stopLossTicks}`;
      const symbol = nameOf(order.symbolId);
      const what = `${order.purpose} ${order.timeInForce}${stop}`;
      return `submit ${short(order.clientId)} ${symbol} ${order.side} ${order.qtySteps} ${price} ${what}`;
    }
    case "cancel":
      return `cancel ${short(effect.clientId)}`;
    case "cancel_all":
      return "cancel_all";
    case "cancel_orphan":
      return `cancel_orphan ${effect.venueOrderId}`;
    case "ask_order":
      return `ask ${short(effect.clientId)}`;
    case "protect":
      return `protect ${nameOf(effect.symbolId)} ${effect.stopLossTicks}`;
    case "reconcile":
      return `reconcile ${effect.cause}`;
    case "resubscribe_book":
      return `resubscribe ${nameOf(effect.symbolId)}`;
    case "log":
      return effect.level === "error" ? `error ${effect.text}` : null;
    case "audit": {
      const [denied] = entriesOf([effect.tick], "denial");
      return denied === undefined ? null : `denied ${denied.denial.reason.code}`;
    }
    default:
      return null;
  }
}

export function rowsOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** `unreadable:A:position`; a symbol of more than one letter is not ours. */
function unreadableOf([symbol = "", what = "position"]: string[]): UnreadableRow {
  if (what !== "position" && what !== "order") throw new Error(what);
  const symbolId = symbol.length === 1 ? idOf(symbol) : null;
  return { kind: "unreadable_row", what, symbol, symbolId, fault: "test" };
}

const nameOf = (id: SymbolId): string => String.fromCharCode(65 + id);
const idOf = (symbol: string): SymbolId => (symbol.charCodeAt(0) - 65) as SymbolId;
