/**
 * How much stands ahead of our resting orders, for the ladder.
 *
 * The venue does not say; what is shown is an estimate and called so. It starts from what the book
 * displayed at the order's price when the order was first told of, before it was part of the book.
 * Trades at that price take from the front, cancels are spread evenly over the queue
 * (`paper/models/queue.ts`), and a trade through the price leaves nothing ahead. Nothing that
 * trades uses this.
 */
import type { PublicTrade } from "../domain/event.ts";
import type { ClientOrderId, Side, SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { joinQueue, type QueuePlace, seeLevel, seeTrade } from "../paper/models/queue.ts";

/** Far above any limit on open orders: beyond it a new order is not watched. */
export const WATCHED_ORDERS_MAX = 512;

/** One of our orders after a change. */
interface RestingOrder {
  readonly clientId: ClientOrderId;
  readonly symbolId: SymbolId;
  readonly side: Side;
  /** Null for an order that cannot rest. */
  readonly priceTicks: number | null;
  readonly leftSteps: number;
  /** False once nothing of it can be filled any more. */
  readonly isLive: boolean;
}

/** What a book displays at a price. */
export interface LevelNow {
  /** Null when the book does not reach there or cannot be believed. */
  readonly qtySteps: number | null;
  /** Venue time of the book. */
  readonly venueAtMs: number;
}

export type LevelOf = (id: SymbolId, side: Side, priceTicks: number) => LevelNow;

interface Watched extends RestingOrder {
  readonly priceTicks: number;
  readonly place: QueuePlace;
}

export class QueueWatch {
  private readonly byClientId = new Map<ClientOrderId, Watched>();
  private readonly areOursShown: boolean;

  /** `areOursShown`: our own orders are part of the book, as they are at a venue. */
  constructor(areOursShown: boolean) {
    this.areOursShown = areOursShown;
  }

  onOrder(order: RestingOrder, levelOf: LevelOf): void {
    const { clientId, symbolId, side, priceTicks, isLive } = order;
    if (!isLive || priceTicks === null) {
      this.byClientId.delete(clientId);
      return;
    }
    const known = this.byClientId.get(clientId);
    if (known?.priceTicks === priceTicks) {
      this.byClientId.set(clientId, { ...known, leftSteps: order.leftSteps });
      return;
    }
    if (known === undefined && this.byClientId.size >= WATCHED_ORDERS_MAX) return;
    const { qtySteps, venueAtMs } = levelOf(symbolId, side, priceTicks);
    const place = joinQueue(qtySteps, venueAtMs);
    this.byClientId.set(clientId, { ...order, priceTicks, place });
    assert(this.byClientId.size <= WATCHED_ORDERS_MAX, "no more orders are watched than may be");
  }

  onTrades(id: SymbolId, trades: readonly PublicTrade[]): void {
    if (this.byClientId.size === 0) return;
    for (const { symbolId, side, priceTicks, place } of this.byClientId.values()) {
      if (symbolId !== id) continue;
      for (const trade of trades) {
        if (trade.side === side) continue;
        const beyond =
          side === "buy" ? priceTicks - trade.priceTicks : trade.priceTicks - priceTicks;
        if (beyond === 0) seeTrade(place, trade.qtySteps, trade.venueAtMs);
        else if (beyond > 0) place.aheadSteps = 0;
      }
    }
  }

  /** Compares with the book as it is now. */
  look(levelOf: LevelOf): void {
    for (const { symbolId, side, priceTicks, leftSteps, place } of this.byClientId.values()) {
      const { qtySteps: shown, venueAtMs } = levelOf(symbolId, side, priceTicks);
      const others = shown === null || !this.areOursShown ? shown : Math.max(0, shown - leftSteps);
      seeLevel(place, others, venueAtMs);
    }
  }

  /** Steps ahead of an order; null when it is not known. */
  aheadOf(clientId: ClientOrderId): number | null {
    const ahead = this.byClientId.get(clientId)?.place.aheadSteps;
    return ahead === undefined || !Number.isFinite(ahead) ? null : ahead;
  }
}
