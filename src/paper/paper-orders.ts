/** The orders of a simulated account: open ones, and the last finished ones for who asks. */
import type { ClientOrderId, SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { isOpen, type PaperOrder } from "./paper-order.ts";

/** Finished orders that can still be asked about: hours of a busy maker. The oldest gives way. */
export const FINISHED_KEPT_MAX = 5_000;

export class PaperOrders {
  private readonly openById = new Map<ClientOrderId, PaperOrder>();
  private readonly finishedById = new Map<ClientOrderId, PaperOrder>();

  add(order: PaperOrder): void {
    assert(!this.openById.has(order.clientId), "an open order is added once");
    this.openById.set(order.clientId, order);
  }

  /** Moves an order to the finished ones. */
  finish(order: PaperOrder): void {
    assert(!isOpen(order), "what is finished is filled or cancelled");
    this.openById.delete(order.clientId);
    this.finishedById.set(order.clientId, order);
    if (this.finishedById.size <= FINISHED_KEPT_MAX) return;
    const [oldest] = this.finishedById.keys();
    if (oldest !== undefined) this.finishedById.delete(oldest);
  }

  findOpen(clientId: ClientOrderId): PaperOrder | undefined {
    return this.openById.get(clientId);
  }

  /** Open or lately finished. */
  find(clientId: ClientOrderId): PaperOrder | undefined {
    return this.openById.get(clientId) ?? this.finishedById.get(clientId);
  }

  /** A copy: who goes through it may finish orders on the way. */
  open(): PaperOrder[] {
    return [...this.openById.values()];
  }

  /** Open or lately finished, of one symbol. */
  ofSymbol(symbolId: SymbolId): PaperOrder[] {
    const all = [...this.openById.values(), ...this.finishedById.values()];
    return all.filter((order) => order.symbolId === symbolId);
  }

  reduceOnlyOf(symbolId: SymbolId): PaperOrder[] {
    return this.open().filter((order) => order.reduceOnly && order.symbolId === symbolId);
  }
}
