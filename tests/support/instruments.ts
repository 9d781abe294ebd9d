import { type Instrument, OWN_UNITS } from "../../src/domain/instrument.ts";
import type { QtySteps, SymbolId } from "../../src/domain/units.ts";
import { gridOf } from "../../src/kernel/decimal.ts";
import { fixedOf } from "../../src/kernel/fixed.ts";

interface InstrumentShape {
  readonly symbol: string;
  readonly id?: SymbolId;
  readonly tick?: string;
  readonly step?: string;
}

/** A linear contract with generous limits, for tests that care about its grid only. */
export function instrumentOf(shape: InstrumentShape): Instrument {
  return {
    id: shape.id ?? (0 as SymbolId),
    venue: "bybit",
    symbol: shape.symbol,
    baseCoin: shape.symbol.replace("USDT", ""),
    quoteCoin: "USDT",
    status: "trading",
    launchAtMs: 1_600_000_000_000,
    price: gridOf(shape.tick ?? "0.10"),
    qty: gridOf(shape.step ?? "0.001"),
    ...OWN_UNITS,
    qtyStepsMin: 1 as QtySteps,
    limitQtyStepsMax: 1_000_000_000 as QtySteps,
    marketQtyStepsMax: 100_000_000 as QtySteps,
    notionalMin: fixedOf(5n, 0),
    leverageMax: 50,
    fundingIntervalMin: 480,
  };
}
