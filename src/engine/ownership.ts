/**
 * Which strategy owns which symbol: one at a time.
 *
 * Strategies pick from the active set in turn: the one with the fewest symbols first (ties by
 * registry order) takes the free symbol that it wants most (ties by id). An owner keeps its symbol
 * while that is active and wanted. Else, and to let a strategy that has less than its share have
 * one, the symbol is given up: the owner may only get out, and it is free once it is idle, which
 * means flat and without anything on its way. So a symbol never changes hands with a position.
 */
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

/** What must be known of symbols to share them out. Strategies by their place in the registry. */
interface OwnershipFacts {
  /** Flat, no live order, no execution or agreement outstanding. */
  isIdle(id: SymbolId): boolean;
  /** How much a strategy wants a symbol, 0 not at all. */
  interest(strategy: number, id: SymbolId): number;
}

interface Seat {
  readonly strategy: number;
  /** The strategy that is to have it next: it does not become its owner's again. */
  promisedTo: number | null;
  /** The owner may enter. */
  isOpen: boolean;
}

/** A strategy gives one up when another wants it and owns at least so many fewer. */
const FEWER_BY = 2;

export class Ownership {
  private readonly count: number;
  /** At most one row per symbol of the active set, and those that are being left. */
  private readonly seats = new Map<SymbolId, Seat>();

  /** `count` strategies, known by 0 … count - 1. */
  constructor(count: number) {
    this.count = count;
  }

  /** The owner's place in the registry, -1 when nobody owns the symbol. */
  ownerOf(id: SymbolId): number {
    return this.seats.get(id)?.strategy ?? -1;
  }

  /** Whether the owner may add to what it has: it was not asked to leave. */
  mayEnter(id: SymbolId): boolean {
    return this.seats.get(id)?.isOpen ?? false;
  }

  /** Symbols of a strategy, by id. */
  symbolsOf(strategy: number): SymbolId[] {
    return [...this.seats]
      .filter(([, seat]) => seat.strategy === strategy)
      .map(([id]) => id)
      .sort(byId);
  }

  /** A position of an earlier run that is proved to be this strategy's: it may get out of it. */
  restore(id: SymbolId, strategy: number): void {
    this.take(id, strategy, false);
  }

  /** Shares the active set out anew. Returns the symbols whose owner or right to enter changed. */
  review(active: readonly SymbolId[], facts: OwnershipFacts): SymbolId[] {
    const before = new Map([...this.seats].map(([id, seat]) => [id, { ...seat }]));
    this.judgeOwners(new Set(active), facts);
    this.makeRoom(active, facts);
    for (const [id, seat] of [...this.seats]) {
      if (!seat.isOpen && facts.isIdle(id)) this.seats.delete(id);
    }
    this.draft(active, facts);
    const touched = new Set([...before.keys(), ...this.seats.keys()]);
    return [...touched]
      .filter((id) => {
        const [was, is] = [before.get(id), this.seats.get(id)];
        return was?.strategy !== is?.strategy || was?.isOpen !== is?.isOpen;
      })
      .sort(byId);
  }

  private judgeOwners(active: ReadonlySet<SymbolId>, facts: OwnershipFacts): void {
    for (const [id, seat] of this.seats) {
      const isWanted = active.has(id) && facts.interest(seat.strategy, id) > 0;
      seat.isOpen = isWanted && seat.promisedTo === null;
    }
  }

  /** Promises at most one symbol a review to the strategy that has the fewest. */
  private makeRoom(active: readonly SymbolId[], facts: OwnershipFacts): void {
    for (const strategy of this.poorestFirst()) {
      const own = this.share(strategy);
      const others = active.filter((id) => {
        const seat = this.seats.get(id);
        return seat?.isOpen === true && this.share(seat.strategy) >= own + FEWER_BY;
      });
      const isFree = active.some((id) => !this.seats.has(id) && facts.interest(strategy, id) > 0);
      const id = isFree ? null : mostWanted(others, strategy, facts);
      if (id === null) continue;
      const seat = this.seats.get(id);
      assert(seat !== undefined && seat.strategy !== strategy, "room is made by another strategy");
      seat.promisedTo = strategy;
      seat.isOpen = false;
      return;
    }
  }

  private draft(active: readonly SymbolId[], facts: OwnershipFacts): void {
    const free = new Set(active.filter((id) => !this.seats.has(id) && facts.isIdle(id)));
    for (;;) {
      const pick = this.poorestFirst()
        .map((strategy) => ({ strategy, id: mostWanted([...free], strategy, facts) }))
        .find(({ id }) => id !== null);
      if (pick === undefined || pick.id === null) return;
      assert(facts.isIdle(pick.id), "a symbol changes hands only when it is idle");
      this.take(pick.id, pick.strategy, true);
      free.delete(pick.id);
    }
  }

  private take(id: SymbolId, strategy: number, isOpen: boolean): void {
    assert(strategy >= 0 && strategy < this.count, "an owner is an enabled strategy");
    assert(!this.seats.has(id), "a symbol has one owner at a time");
    this.seats.set(id, { strategy, promisedTo: null, isOpen });
  }

  /** Strategies by how many symbols they work, ties by registry order. */
  private poorestFirst(): number[] {
    return Array.from({ length: this.count }, (_, strategy) => strategy).sort(
      (left, right) => this.share(left) - this.share(right) || left - right,
    );
  }

  /** What a strategy works, and what it was promised. */
  private share(strategy: number): number {
    let count = 0;
    for (const seat of this.seats.values()) {
      const isOwn = seat.strategy === strategy && seat.isOpen;
      if (isOwn || seat.promisedTo === strategy) count++;
    }
    return count;
  }
}

/** Null when none of them is wanted at all. */
function mostWanted(
  ids: readonly SymbolId[],
  strategy: number,
  facts: OwnershipFacts,
): SymbolId | null {
  let best: SymbolId | null = null;
  let most = 0;
  for (const id of [...ids].sort(byId)) {
    const interest = facts.interest(strategy, id);
    if (!(interest > most)) continue;
    best = id;
    most = interest;
  }
  return best;
}

function byId(left: SymbolId, right: SymbolId): number {
  return left - right;
}
