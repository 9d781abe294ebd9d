/**
 * The contract list: fetched whole, kept with stable ids, refreshed while running, and remembered
 * over a restart for a start that the venue does not answer.
 */
import type { Instrument } from "../../domain/instrument.ts";
import { gridChangeOf, recounted } from "../../domain/recount.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { RememberedContracts, VenueMemory } from "../../runtime/ports/venue-memory.ts";
import type { Counters } from "../common/counters.ts";
import { decodeInstrument, withId } from "./codec/decode-rest.ts";
import { CATEGORY } from "./codec/encode.ts";
import { listAll } from "./paged-list.ts";
import type { RestCaller } from "./rest-client.ts";

/** Far above what the venue lists; ids index arrays all over the program. */
const INSTRUMENTS_MAX = 5_000;
/** The venue's own maximum. */
const PAGE_LIMIT = 1_000;

interface InstrumentListOptions {
  readonly rest: RestCaller;
  readonly log: LogPort;
  readonly counters: Counters;
  readonly symbolFilter: (symbol: string) => boolean;
  readonly memory: VenueMemory;
  readonly nowMs: () => number;
}

export class InstrumentList {
  private readonly options: InstrumentListOptions;
  private instruments: Instrument[] = [];
  private readonly idBySymbol = new Map<string, number>();
  private fingerprint = "";

  constructor(options: InstrumentListOptions) {
    this.options = options;
  }

  /** The new list when something changed, "unchanged", or why it could not be had. */
  async refresh(): Promise<
    | { readonly kind: "changed"; readonly instruments: readonly Instrument[] }
    | { readonly kind: "unchanged" }
    | { readonly kind: "failed"; readonly text: string }
  > {
    const listed = await listAll(this.options.rest, {
      method: "GET",
      path: "/v5/market/instruments-info",
      query: { category: CATEGORY, limit: PAGE_LIMIT },
      signed: false,
      purpose: "read",
      retries: 3,
    });
    if (listed.kind === "failed") return listed;
    if (!this.merge(listed.items)) {
      return {
        kind: "failed",
        text: "the venue's list holds no contract that this program trades",
      };
    }
    const fingerprint = fingerprintOf(this.instruments);
    if (fingerprint === this.fingerprint) return { kind: "unchanged" };
    this.fingerprint = fingerprint;
    const { memory, nowMs } = this.options;
    memory.keepContracts({ rows: listed.items, readAtMs: nowMs() });
    return { kind: "changed", instruments: [...this.instruments] };
  }

  /**
   * The list as an earlier run read it, null when none is known. What is read later is news, the
   * same list too, and a grid that changed meanwhile is a changed grid.
   */
  recall():
    | (Pick<RememberedContracts, "readAtMs"> & { instruments: readonly Instrument[] })
    | null {
    const remembered = this.options.memory.contracts();
    if (remembered === null || !this.merge(remembered.rows)) return null;
    return { instruments: [...this.instruments], readAtMs: remembered.readAtMs };
  }

  /** In units that hold what was counted before: the venue may change a grid while we run. */
  private counted(listed: Instrument): Instrument {
    const known = this.instruments[listed.id];
    if (known === undefined) return listed;
    const { symbol, price, qty } = listed;
    const counted = recounted(known, listed);
    if (counted === null) {
      const grid = `${price.unitText} × ${qty.unitText}`;
      this.options.counters.add("unusable_instruments");
      this.options.log.error("a grid that cannot be counted on; the contract is closed to us", {
        symbol,
        grid,
      });
      return { ...known, status: "closed" };
    }
    if (gridChangeOf(known, counted) !== null) {
      this.options.log.warn("the venue changed the grid of a contract", {
        symbol,
        tickSize: price.unitText,
        qtyStep: qty.unitText,
        countedIn: `${counted.price.unitText} × ${counted.qty.unitText}`,
      });
    }
    return counted;
  }

  /** Returns whether the list held anything of ours. */
  private merge(items: readonly unknown[]): boolean {
    const listed = new Set<string>();
    for (const item of items) {
      const decoded = decodeInstrument(item);
      if (decoded.kind === "fault") {
        this.options.counters.add("unusable_instruments");
        this.options.log.warn("a contract was left out", { fault: decoded.fault });
      }
      if (decoded.kind !== "ok" || !this.options.symbolFilter(decoded.value.symbol)) continue;
      const { symbol } = decoded.value;
      const id = this.idBySymbol.get(symbol) ?? this.instruments.length;
      if (id >= INSTRUMENTS_MAX) continue;
      listed.add(symbol);
      this.idBySymbol.set(symbol, id);
      this.instruments[id] = this.counted(withId(decoded.value, id));
    }
    if (listed.size === 0) return false;
    // The venue lists what trades: what has gone from the list trades no more.
    this.instruments = this.instruments.map((instrument) =>
      listed.has(instrument.symbol) ? instrument : { ...instrument, status: "closed" },
    );
    return true;
  }
}

function fingerprintOf(instruments: readonly Instrument[]): string {
  return JSON.stringify(instruments, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
