/** The recorded contract list of 9 August 2026 as the adapter holds it. */
import type { Instrument } from "../../src/domain/instrument.ts";
import { decodeInstrument, withId } from "../../src/venue/bybit/codec/decode-rest.ts";
import { SymbolTable } from "../../src/venue/bybit/codec/symbol-table.ts";
import { payloadsOf } from "./recorded.ts";

function recordedInstruments(): Instrument[] {
  const [text = "{}"] = payloadsOf(
    "rest/market-instruments-info",
    "cryptofeed-20260809-linear-full.json",
  );
  const instruments: Instrument[] = [];
  for (const item of JSON.parse(text).result.list) {
    const decoded = decodeInstrument(item);
    if (decoded.kind === "ok") instruments.push(withId(decoded.value, instruments.length));
  }
  return instruments;
}

export function recordedTable(): SymbolTable {
  const table = new SymbolTable();
  table.load(recordedInstruments());
  return table;
}
