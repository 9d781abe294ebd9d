/** @jsxImportSource hono/jsx */
/** Every execution the ledger booked, newest first. */
import { z } from "zod";
import { optional, SYMBOL_OR_ALL, wholeParam } from "../../src/monitor/params.ts";
import { Executions } from "../fragments/executions.tsx";
import { Card, Empty, type Html } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Execution, Model, Sources } from "../page-model.ts";
import { addressText, regionOf } from "../region.tsx";

/** One screen of executions, and one page of the database. */
const ROWS_PER_PAGE = 50;

const PARAMS = z.object({
  ...SYMBOL_OR_ALL.shape,
  before: optional(wholeParam(1, Number.MAX_SAFE_INTEGER)),
});
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly rows: readonly Execution[];
  readonly symbol: string | undefined;
  /** Row id the next older page starts below; null when there is none. */
  readonly olderThan: number | null;
}

const newest = regionOf({ name: "trades", params: SYMBOL_OR_ALL, load, view: Rows });

export const trades = definePage({
  key: "blotter",
  path: "/blotter",
  title: "Blotter",
  nav: "Blotter",
  params: PARAMS,
  regions: [newest],
  load,
  view: Trades,
});

function load(sources: Sources, params: Params): Loaded {
  const { symbol, before } = params;
  const found = sources.trades.trades({ symbol, before, limit: ROWS_PER_PAGE + 1 });
  const rows = found.slice(0, ROWS_PER_PAGE);
  const last = rows.at(-1);
  const olderThan = found.length > rows.length && last !== undefined ? last.id : null;
  return { rows, symbol, olderThan };
}

function Rows({ view }: Model, { rows, symbol }: Loaded): Html {
  if (rows.length > 0) return <Executions rows={rows} withDate={true} />;
  if (symbol === undefined) return <Empty>No execution yet.</Empty>;
  const isUnknown = view.instruments.size > 0 && !view.instruments.has(symbol);
  if (isUnknown) return <Empty>The venue lists no symbol {symbol}. Is it spelt in full?</Empty>;
  return <Empty>No execution in {symbol} yet.</Empty>;
}

function Trades({ model, params, data }: PageProps<Params, Loaded>): Html {
  const { symbol, before } = params;
  const isOlder = before !== undefined;
  return (
    <>
      <form class="toolbar" action="/blotter" method="get">
        <label>
          Symbol
          <input
            type="search"
            name="symbol"
            value={symbol ?? ""}
            maxlength={40}
            placeholder="all, or e.g. BTCUSDT"
            autocapitalize="characters"
          />
        </label>
        <button type="submit" class="button">
          Show
        </button>
      </form>
      <Card title={isOlder ? "Older executions" : "Newest executions"}>
        {isOlder ? Rows(model, data) : newest.place(model, data)}
      </Card>
      <nav class="pager" aria-label="Pages of executions">
        <Step label="« Newest" href={isOlder ? pathOf({ symbol }) : null} />
        <Step
          label="Older ›"
          href={data.olderThan === null ? null : pathOf({ symbol, before: data.olderThan })}
        />
      </nav>
    </>
  );
}

function Step({ label, href }: { label: string; href: string | null }) {
  if (href !== null) {
    return (
      <a class="button" href={href}>
        {label}
      </a>
    );
  }
  return (
    <span class="button ghost" aria-disabled="true">
      {label}
    </span>
  );
}

function pathOf(params: Params): string {
  const text = addressText(params);
  return text === "" ? "/blotter" : `/blotter?${text}`;
}
