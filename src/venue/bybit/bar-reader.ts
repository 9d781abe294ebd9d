/** Fetches closed bars by REST, one request an answer, within the request budget. */
import type { Bar, BarSpan } from "../../domain/bar.ts";
import type { SymbolId } from "../../domain/units.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Waits } from "../common/waits.ts";
import { decodeBars, intervalOf } from "./codec/decode-bars.ts";
import { CATEGORY } from "./codec/encode.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import type { RestCaller } from "./rest-client.ts";

interface BarReaderOptions {
  readonly rest: RestCaller;
  readonly table: SymbolTable;
  readonly waits: Waits;
  readonly sink: EventSink;
}

interface BarRequest {
  readonly span: BarSpan;
  readonly count: number;
  readonly purpose: "read" | "chart";
}

/** The venue's own maximum. */
const PAGE_LIMIT = 1_000;
/** The engine asks again by itself. */
const READ_RETRIES = 1;

export class BarReader {
  private readonly options: BarReaderOptions;

  constructor(options: BarReaderOptions) {
    this.options = options;
  }

  /** Answers with `bars_loaded`, whatever happens. */
  load(symbolId: SymbolId, span: BarSpan, count: number, isForCharts = false): void {
    const { table } = this.options;
    const { gridGeneration } = table;
    const purpose = isForCharts ? "chart" : "read";
    void this.fetch(symbolId, { span, count, purpose }).then((answer) => {
      if (this.options.waits.stopped) return;
      // Meanwhile the contract may be counted in other units: the engine asks again.
      const found = table.gridGeneration === gridGeneration ? answer : "a grid changed meanwhile";
      const isFault = typeof found === "string";
      const [bars, fault] = isFault ? [[], found] : [found, ""];
      const told = { kind: "bars_loaded", symbolId, span, bars, fault } as const;
      this.options.sink(isForCharts ? { ...told, isForCharts } : told);
    });
  }

  private async fetch(
    symbolId: SymbolId,
    { span, count, purpose }: BarRequest,
  ): Promise<readonly Bar[] | string> {
    const { rest, table } = this.options;
    const instrument = table.at(symbolId);
    const interval = intervalOf(span);
    if (instrument === undefined) return `no contract has the id ${symbolId}`;
    if (interval === null) return `the venue keeps no bars of ${span}`;
    const { symbol } = instrument;
    // One more, as the running bar is listed too.
    const limit = Math.min(count + 1, PAGE_LIMIT);
    const result = await rest.call({
      method: "GET",
      path: "/v5/market/kline",
      query: { category: CATEGORY, symbol, interval, limit },
      signed: false,
      purpose,
      retries: purpose === "read" ? READ_RETRIES : 0,
    });
    if (result.kind !== "ok") return result.text;
    const { result: body, venueAtMs } = result.envelope;
    return decodeBars(body, { instrument, span, venueAtMs });
  }
}
