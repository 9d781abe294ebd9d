/** @jsxImportSource hono/jsx */
/** Every symbol the venue lists: find one fast, see what it costs to trade it. */
import { countSymbols, DEFAULT_ORDER, DEFAULT_SORT } from "../../src/monitor/symbols-query.ts";
import {
  Pager,
  pageWithin,
  SYMBOLS_QUERY,
  type SymbolsQuery,
  symbolRows,
} from "../fragments/symbols.tsx";
import { Empty, type Html } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Model } from "../page-model.ts";

export const symbols = definePage({
  key: "symbols",
  path: "/symbols",
  title: "Symbols",
  nav: "Symbols",
  params: SYMBOLS_QUERY,
  regions: [symbolRows],
  settle: (query, model) => ({
    ...query,
    page: pageWithin(query.page ?? 1, totalOf(query, model)),
  }),
  load: (_, query, model) => ({ total: totalOf(query, model) }),
  filter: { delayMs: 250, fields: Fields },
  view: Matches,
});

interface Loaded {
  /** How many symbols match over all pages. */
  readonly total: number;
}

type Props = PageProps<SymbolsQuery, Loaded>;

function totalOf(query: SymbolsQuery, { view }: Model): number {
  return countSymbols(view.symbols.values(), query);
}

function Fields({ model, params }: Props): Html {
  const { view } = model;
  const { q = "", category, sort = DEFAULT_SORT, order = DEFAULT_ORDER } = params;
  return (
    <>
      <label>
        Search
        <input type="search" name="q" value={q} maxlength={40} placeholder="e.g. BTC" />
      </label>
      <label>
        Category
        <select name="category">
          <option value="">all ({view.symbols.size})</option>
          {Object.entries(view.universe.counts).map(([name, count]) => (
            <option value={name} selected={category === name}>
              {name} ({count})
            </option>
          ))}
        </select>
      </label>
      <input type="hidden" name="sort" value={sort} />
      <input type="hidden" name="order" value={order} />
    </>
  );
}

function Matches({ model, params, data }: Props): Html {
  return (
    <>
      {data.total === 0 ? <Empty>No symbol matches.</Empty> : symbolRows.place(model, params)}
      <Pager query={params} total={data.total} />
    </>
  );
}
