/** The instruments by name and by id, as the decoders look them up. */
import type { Instrument } from "../../../domain/instrument.ts";
import { gridChangeOf } from "../../../domain/recount.ts";
import type { SymbolId } from "../../../domain/units.ts";

export class SymbolTable {
  private readonly bySymbol = new Map<string, Instrument>();
  private readonly byId: Instrument[] = [];
  /** Rises with every list: what was looked up before may have new terms. */
  generation = 0;

  /**
   * Rises with every changed grid. Who reads numbers with a contract's grid and hands them on later
   * compares: what was read under another generation is in other units, and is read anew.
   */
  gridGeneration = 0;

  get size(): number {
    return this.byId.length;
  }

  /** Takes a list with dense ids; called again it replaces terms and appends new symbols. */
  load(instruments: readonly Instrument[]): void {
    this.generation++;
    for (const instrument of instruments) {
      const known = this.byId[instrument.id];
      if (known !== undefined && gridChangeOf(known, instrument) !== null) this.gridGeneration++;
      this.bySymbol.set(instrument.symbol, instrument);
      this.byId[instrument.id] = instrument;
    }
  }

  find(symbol: string): Instrument | undefined {
    return this.bySymbol.get(symbol);
  }

  at(id: SymbolId): Instrument | undefined {
    return this.byId[id];
  }

  all(): readonly Instrument[] {
    return this.byId;
  }
}
