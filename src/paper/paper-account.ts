/**
 * Money and positions of a simulated account: one-way mode, cross margin, USDT only.
 *
 * All amounts are exact. Margin is a flat leverage over everything held and resting: enough to
 * refuse what the wallet cannot carry. Below its maintenance margin the account is liquidated.
 */
import {
  averagePriceOf,
  moveOpenPart,
  type OpenPart,
  type Trade,
  valueAt,
} from "../domain/cost.ts";
import { type Instrument, notionalOf } from "../domain/instrument.ts";
import { type GridChange, signedStepsAfter, ticksAfter } from "../domain/recount.ts";
import type { Price, PriceTicks, Rate, SymbolId, Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { PaperModels } from "./models/paper-models.ts";

/** A new account's usual default; entry and resting value may reach this times the equity. */
export const PAPER_LEVERAGE = 10n;

export interface PaperPosition extends OpenPart {
  instrument: Instrument;
  /** Exchange-held stop, null when none. */
  stopLossTicks: PriceTicks | null;
  /** The stop has fired but the book could not take the whole position yet. */
  stopFired: boolean;
  updatedAtMs: number;
}

export interface AccountOptions {
  readonly walletUsdt: Usdt;
  readonly models: Pick<PaperModels, "fee" | "funding" | "liquidation">;
}

interface PaperTrade extends Trade {
  readonly instrument: Instrument;
  readonly isMaker: boolean;
  readonly atMs: number;
}

export class PaperAccount {
  /** Cash: deposits plus realised profit less fees and funding. */
  balance: Usdt;
  private readonly options: AccountOptions;
  /** At most one per instrument; flat ones are removed. */
  private readonly held = new Map<SymbolId, PaperPosition>();

  constructor(options: AccountOptions) {
    this.options = options;
    this.balance = options.walletUsdt;
  }

  positions(): Iterable<PaperPosition> {
    return this.held.values();
  }

  position(symbolId: SymbolId): PaperPosition | undefined {
    return this.held.get(symbolId);
  }

  stepsOf(symbolId: SymbolId): number {
    return this.held.get(symbolId)?.steps ?? 0;
  }

  /** Books a trade: fee, realised profit, new position. Returns the fee, positive when paid. */
  trade(trade: PaperTrade): Usdt {
    const { instrument, priceTicks, qtySteps } = trade;
    const value = notionalOf(instrument, priceTicks, qtySteps);
    assert(value > 0n, "a trade has a value");
    const fee = this.options.models.fee(value, trade.isMaker);
    const position = this.open(instrument);
    const { closedSteps, openedSteps, realised } = moveOpenPart(position, instrument, trade);
    this.balance += realised;
    position.updatedAtMs = trade.atMs;
    this.balance -= fee;
    this.tidy(position, closedSteps > 0 && openedSteps > 0);
    return fee;
  }

  /** Pays or receives funding; positive is paid: longs pay when the rate is positive. */
  fund(position: PaperPosition, mark: Price, rate: Rate): Usdt {
    assert(position.steps !== 0, "funding is paid on an open position");
    assert(mark > 0n, "funding is paid at a known mark");
    const value = valueAt(position.instrument, position.steps, mark);
    const paid = this.options.models.funding.payment(value, rate);
    this.balance -= paid;
    return paid;
  }

  /** Balance plus the open profit at the marks given; a mark of 0 counts as none. */
  equity(markOf: (symbolId: SymbolId) => Price): Usdt {
    let equity = this.balance;
    for (const { instrument, steps, cost } of this.held.values()) {
      const mark = markOf(instrument.id);
      if (mark > 0n) equity += valueAt(instrument, steps, mark) - cost;
    }
    return equity;
  }

  /** Margin bound by the positions at their entry value. */
  margin(): Usdt {
    let value = 0n;
    for (const { cost } of this.held.values()) value += cost < 0n ? -cost : cost;
    assert(value >= 0n, "margin binds, it does not free");
    return value / PAPER_LEVERAGE;
  }

  /** Whether the equity at these marks no longer backs the open positions. */
  isExhausted(markOf: (symbolId: SymbolId) => Price): boolean {
    const wanted = this.maintenance(markOf);
    return wanted > 0n && this.equity(markOf) <= wanted;
  }

  /** Equity that the open positions must be backed by, at these marks; 0 when one is unknown. */
  private maintenance(markOf: (symbolId: SymbolId) => Price): Usdt {
    let wanted = 0n;
    for (const { instrument, steps } of this.held.values()) {
      const mark = markOf(instrument.id);
      if (mark === 0n) return 0n;
      const value = valueAt(instrument, Math.abs(steps), mark);
      wanted += this.options.models.liquidation.maintenance(value, instrument);
    }
    return wanted;
  }

  /** Goes over to the new terms of a contract, in its new units. */
  recount(change: GridChange): void {
    const position = this.held.get(change.after.id);
    if (position === undefined) return;
    assert(change.after.id === position.instrument.id, "a position goes over with its contract");
    const { stopLossTicks } = position;
    position.instrument = change.after;
    position.steps = signedStepsAfter(change, position.steps);
    position.stopLossTicks = stopLossTicks === null ? null : ticksAfter(change, stopLossTicks);
  }

  private open(instrument: Instrument): PaperPosition {
    const known = this.held.get(instrument.id);
    if (known !== undefined) return known;
    const position: PaperPosition = {
      instrument,
      steps: 0,
      cost: 0n,
      stopLossTicks: null,
      stopFired: false,
      updatedAtMs: 0,
    };
    this.held.set(instrument.id, position);
    return position;
  }

  private tidy(position: PaperPosition, turned: boolean): void {
    if (position.steps !== 0 && !turned) return;
    position.stopLossTicks = null; // The stop belonged to the position that ended.
    position.stopFired = false;
    if (position.steps !== 0) return;
    assert(position.cost === 0n, "a flat position holds no cost");
    this.held.delete(position.instrument.id);
  }
}

/** Average entry price as the venue writes it: "" when flat. */
export function entryPriceText(position: PaperPosition | undefined): string {
  if (position === undefined || position.steps === 0) return "";
  return fixedToText(averagePriceOf(position, position.instrument));
}
