/** @jsxImportSource hono/jsx */
/** One symbol as the market shows it now. */
import { z } from "zod";
import { netRealisedText } from "../../src/monitor/net-realised.ts";
import { symbolParam } from "../../src/monitor/params.ts";
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { averagePrice, compact, duration, fixed, grouped, NONE } from "../format.ts";
import { Badge, Change, Empty, Fact, type Html, Money, SideMark } from "../html.tsx";
import { type Model, VIEW_AGE_MS_MAX } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { V } from "../value.tsx";
import { BookAuditText, BookBadge } from "./book.tsx";
import { SymbolStopLink } from "./stop-bar.tsx";

/** Half the width of the imbalance bar, in its own units. */
const HALF = 50;

const ONE = z.object({ symbol: symbolParam() });

export const symbolNow = regionOf({
  name: "symbol-now",
  params: ONE,
  load: (_, { symbol }) => symbol,
  view: SymbolNow,
});

/** Our position in this symbol. */
export const symbolPosition = regionOf({
  name: "symbol-position",
  params: ONE,
  load: (_, { symbol }) => symbol,
  view: SymbolPosition,
});

function SymbolNow({ view, nowMs }: Model, symbol: string): Html {
  const row = view.symbols.get(symbol);
  if (row === undefined) return <Empty>The market has not reported this symbol yet.</Empty>;
  const ageMs = nowMs - row.updatedAtMs;
  return (
    <>
      <p class="quote">
        <strong>
          <V id="now.last">{grouped(row.lastText)}</V>
        </strong>{" "}
        <Change pct={row.change24hPct} v="now.change" />
        {ageMs > VIEW_AGE_MS_MAX ? (
          <Badge tone="warn">old: {duration(Math.floor(ageMs / 1000) * 1000)}</Badge>
        ) : null}
      </p>
      {row.bookState === "quarantined" ? (
        <p class="banner bad">
          The order book is quarantined ({row.bookFault}): no new order until a clean snapshot.
        </p>
      ) : null}
      <dl class="facts two">
        <Prices row={row} />
        <Fact label="Spread">
          <V id="now.spread">{`${fixed(row.spreadBps, 2)} bps`}</V>
        </Fact>
        <Fact label="Volatility">
          <V id="now.volatility">{`${fixed(row.volatilityBps, 1)} bps`}</V>
        </Fact>
        <Fact label="Turnover 24 h">
          <V id="now.turnover">{`${compact(row.turnover24hUsdt)} USDT`}</V>
        </Fact>
        <Fact label="Score">
          <V id="now.score">{fixed(row.score, 1)}</V> · {row.category}
        </Fact>
        <Fact label="Funding">
          {row.fundingRateText === "" ? NONE : `${fixed(Number(row.fundingRateText) * 100, 4)}%`}
          {row.nextFundingAtMs > nowMs
            ? ` in ${duration(Math.floor((row.nextFundingAtMs - nowMs) / 60_000) * 60_000)}`
            : ""}
        </Fact>
        <Fact label="Imbalance">
          <Imbalance value={row.imbalance} />
        </Fact>
        <Fact label="Book">
          <BookBadge row={row} />
        </Fact>
        <Fact label="Book against REST">
          <BookAuditText row={row} nowMs={nowMs} />
        </Fact>
      </dl>
    </>
  );
}

function Prices({ row }: { row: SymbolAudit }) {
  const prices = [
    ["Bid", "bid", row.bidText],
    ["Ask", "ask", row.askText],
    ["Mark", "mark", row.markText],
    ["Microprice", "micro", row.micropriceText],
  ] as const;
  return (
    <>
      {prices.map(([label, name, text]) => (
        <Fact label={label}>
          <V id={`now.${name}`}>{grouped(text)}</V>
        </Fact>
      ))}
    </>
  );
}

/** Buyers pull the bar right, sellers left. */
function Imbalance({ value }: { value: number }) {
  const known = Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
  const width = Math.abs(known) * HALF;
  return (
    <span class="imbalance">
      <svg viewBox="0 0 100 8" role="img" aria-label={`Queue imbalance ${fixed(known, 2)}`}>
        <rect class="track" x="0" y="3" width="100" height="2" />
        <rect
          class={known >= 0 ? "up" : "down"}
          x={known >= 0 ? HALF : HALF - width}
          y="1"
          width={width}
          height="6"
        />
      </svg>
      {fixed(known, 2)}
    </span>
  );
}

function SymbolPosition({ view }: Model, symbol: string): Html {
  const row = view.positions.get(symbol);
  const halt = view.symbolHalts.find((other) => other.symbol === symbol);
  const stops = (
    <p class="symbol-stops">
      <SymbolStopLink symbol={symbol} />
      {halt === undefined ? null : (
        <span class="halted-note">
          {" "}
          No entries: {halt.kind} by {halt.by}, {halt.reason}
        </span>
      )}
    </p>
  );
  if (row === undefined || row.side === "flat") {
    return (
      <>
        {stops}
        <Empty>No position.</Empty>
      </>
    );
  }
  return (
    <>
      {stops}
      <dl class="facts two">
        <Fact label="Side">
          <SideMark side={row.side} />
        </Fact>
        <Fact label="Quantity">{grouped(row.qtyText)}</Fact>
        <Fact label="Entry">
          <span title={row.entryPriceText}>
            {averagePrice(row.entryPriceText, view.instruments.get(symbol)?.price.decimals)}
          </span>
        </Fact>
        <Fact label="Mark">{grouped(row.markText)}</Fact>
        <Fact label="Stop at the venue">
          {row.stopLossText === "" ? <Badge tone="bad">no stop</Badge> : grouped(row.stopLossText)}
        </Fact>
        <Fact label="Value">{fixed(Number(row.notionalText), 2)} USDT</Fact>
        <Fact label="Unrealised">
          <Money text={row.unrealisedText} unit=" USDT" v="now.open" />
        </Fact>
        <Fact label="Net realised">
          <Money text={netRealisedText(row)} unit=" USDT" />
        </Fact>
        <Fact label="Realised before costs">{fixed(Number(row.realisedText), 4)} USDT</Fact>
        <Fact label="Fees">{fixed(Number(row.feesText), 4)} USDT</Fact>
        <Fact label="Funding paid">{fixed(Number(row.fundingText), 4)} USDT</Fact>
      </dl>
    </>
  );
}
