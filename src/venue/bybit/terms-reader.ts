/**
 * The account's own settings at the venue: margin mode, fee rates, and leverage of a symbol.
 *
 * They are read by REST and change only by hand, so nothing here streams. Leverage is lowered to
 * what is wanted where it is above; what then holds is told, also when it could not be lowered, and
 * the engine judges it.
 */
import type { SymbolTerms } from "../../domain/account-terms.ts";
import type { SymbolId } from "../../domain/units.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import { decodeFeeRates, decodeMarginMode, decodePositionTerms } from "./codec/decode-terms.ts";
import { CATEGORY, leverageBody } from "./codec/encode.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import { listAll } from "./paged-list.ts";
import type { RestCaller, RestRequest } from "./rest-client.ts";

interface TermsReaderOptions {
  readonly rest: RestCaller;
  readonly table: SymbolTable;
  readonly sink: EventSink;
}

const READ_RETRIES = 3;
/** Setting a leverage says what shall be: a repeat does no harm. */
const SET_RETRIES = 2;

export class TermsReader {
  private readonly options: TermsReaderOptions;

  constructor(options: TermsReaderOptions) {
    this.options = options;
  }

  loadAccount(): void {
    void this.tellMarginMode();
    void this.tellFees();
  }

  settle(symbolId: SymbolId, leverageMax: number): void {
    void this.settled(symbolId, leverageMax).then((terms) => this.options.sink(terms));
  }

  private async tellMarginMode(): Promise<void> {
    const { rest, sink } = this.options;
    const result = await rest.call(read("/v5/account/info", {}));
    const marginMode = result.kind === "ok" ? decodeMarginMode(result.envelope.result) : null;
    const unread = result.kind === "ok" ? "the venue names no margin mode we know" : result.text;
    sink({ kind: "account_terms", marginMode, fault: marginMode === null ? unread : "" });
  }

  private async tellFees(): Promise<void> {
    const { rest, table, sink } = this.options;
    const result = await rest.call(read("/v5/account/fee-rate", { category: CATEGORY }));
    if (result.kind !== "ok") return;
    const fees = decodeFeeRates(result.envelope.result, table);
    if (fees.size > 0) sink({ kind: "fees_loaded", fees });
  }

  private async settled(symbolId: SymbolId, leverageMax: number): Promise<SymbolTerms> {
    const { rest, table } = this.options;
    const unread = { kind: "symbol_terms", symbolId, leverage: 0, isOneWay: false } as const;
    const instrument = table.at(symbolId);
    if (instrument === undefined) return { ...unread, fault: `no instrument ${symbolId}` };
    const { symbol } = instrument;
    const query = { category: CATEGORY, symbol };
    const listed = await listAll(rest, read("/v5/position/list", query));
    if (listed.kind === "failed") return { ...unread, fault: `${symbol}: ${listed.text}` };
    const found = decodePositionTerms(listed.items);
    if (!(found.leverage > leverageMax)) {
      const fault = found.leverage > 0 ? "" : `${symbol}: the venue states no leverage`;
      return { ...unread, ...found, fault };
    }
    const leverage = Math.min(leverageMax, instrument.leverageMax);
    const set = await rest.call({
      method: "POST",
      path: "/v5/position/set-leverage",
      body: leverageBody(instrument, leverage),
      signed: true,
      purpose: "order",
      retries: SET_RETRIES,
    });
    const isDone = set.kind === "ok" || (set.kind === "refused" && set.retClass === "done");
    if (isDone) return { ...unread, ...found, leverage, fault: "" };
    const fault = `${symbol}: leverage ${found.leverage} stays, wanted ${leverage}: ${set.text}`;
    return { ...unread, ...found, fault };
  }
}

function read(path: string, query: Readonly<Record<string, string>>): RestRequest {
  return { method: "GET", path, query, signed: true, purpose: "read", retries: READ_RETRIES };
}
