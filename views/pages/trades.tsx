import { TradesTable } from "../fragments/executions.tsx";
import { Card, type Html } from "../html.tsx";
import { Layout } from "../layout.tsx";
import type { Model, PageFrame } from "../page-model.ts";
import { Region } from "../regions.tsx";

/** Every execution the ledger booked, newest first. */
export function TradesPage({ frame, model }: { frame: PageFrame; model: Model }): Html {
  const { trades } = model;
  return (
    <Layout title="Trades" frame={frame} model={model}>
      <form class="toolbar" action="/trades" method="get">
        <label>
          Symbol
          <input
            type="search"
            name="symbol"
            value={trades.symbol}
            maxlength={40}
            placeholder="all, or e.g. BTCUSDT"
            autocapitalize="characters"
          />
        </label>
        <button type="submit" class="button">
          Show
        </button>
      </form>
      <Card title={trades.isOlder ? "Older executions" : "Newest executions"}>
        {trades.isOlder ? <TradesTable {...model} /> : <Region name="trades" model={model} />}
      </Card>
      <nav class="pager" aria-label="Pages of executions">
        {trades.isOlder ? (
          <a class="button" href={tradesPath(trades.symbol, null)}>
            « Newest
          </a>
        ) : (
          <span class="button ghost" aria-disabled="true">
            « Newest
          </span>
        )}
        {trades.olderThan === null ? (
          <span class="button ghost" aria-disabled="true">
            Older ›
          </span>
        ) : (
          <a class="button" href={tradesPath(trades.symbol, trades.olderThan)}>
            Older ›
          </a>
        )}
      </nav>
    </Layout>
  );
}

function tradesPath(symbol: string, before: number | null): string {
  const parameters = new URLSearchParams();
  if (symbol !== "") parameters.set("symbol", symbol);
  if (before !== null) parameters.set("before", String(before));
  const text = parameters.toString();
  return text === "" ? "/trades" : `/trades?${text}`;
}
