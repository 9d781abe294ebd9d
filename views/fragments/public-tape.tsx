/** @jsxImportSource hono/jsx */
/** What everybody traded in one symbol, newest first, and what share of it took from sellers. */
import { z } from "zod";
import type { TapeTrade } from "../../src/charts/chart-tape.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { toText } from "../../src/kernel/decimal.ts";
import { symbolParam } from "../../src/monitor/params.ts";
import { fixed, grouped } from "../format.ts";
import { type Column, Empty, type Html, SideMark, Table, Time } from "../html.tsx";
import type { Model, Sources } from "../page-model.ts";
import { regionOf } from "../region.tsx";

const ROWS_MAX = 14;

const COLUMNS: readonly Column[] = [
  { label: "Time (UTC)" },
  { label: "Taker" },
  { label: "Price", num: true },
  { label: "Quantity", num: true },
];

interface TapeData {
  readonly instrument: Instrument | null;
  readonly trades: readonly TapeTrade[];
}

export const publicTape = regionOf({
  name: "public-tape",
  params: z.object({ symbol: symbolParam() }),
  load: ({ charts }: Sources, { symbol }): TapeData => ({
    instrument: charts.instrument(symbol),
    trades: charts.trades(symbol),
  }),
  view: PublicTape,
});

function PublicTape(_: Model, { instrument, trades }: TapeData): Html {
  if (instrument === null || trades.length === 0) {
    return <Empty>No trade since somebody looks at this symbol.</Empty>;
  }
  const { price, qty } = instrument;
  const all = trades.reduce((sum, { qtySteps }) => sum + qtySteps, 0);
  const bought = trades
    .filter(({ side }) => side === "buy")
    .reduce((sum, { qtySteps }) => sum + qtySteps, 0);
  return (
    <>
      <Table label="Trades of everybody" columns={COLUMNS}>
        {trades.slice(0, ROWS_MAX).map(({ venueAtMs, side, priceTicks, qtySteps }) => (
          <tr>
            <td class="when">
              <Time atMs={venueAtMs} />
            </td>
            <td>
              <SideMark side={side} />
            </td>
            <td class="r">{grouped(toText(price, priceTicks))}</td>
            <td class="r">{grouped(toText(qty, qtySteps))}</td>
          </tr>
        ))}
      </Table>
      <p class="hint">
        of the last {trades.length} trades {fixed((100 * bought) / all, 0)} % of the quantity was
        bought
      </p>
    </>
  );
}
