/** @jsxImportSource hono/jsx */
/** Every symbol the venue lists: what could be traded, and why these are. */
import {
  countSymbols,
  DEFAULT_ORDER,
  DEFAULT_SORT,
  type Facet,
  facetCounts,
} from "../../src/monitor/symbols-query.ts";
import { AXES, AXIS_NAMES } from "../../src/universe/axes.ts";
import { SET_NAMES } from "../fragments/symbol-row.tsx";
import {
  Pager,
  pageWithin,
  pausedIn,
  rowsNow,
  SYMBOLS_QUERY,
  type SymbolsQuery,
  symbolRows,
} from "../fragments/symbols.tsx";
import { universeNow } from "../fragments/universe.tsx";
import { Empty, type Html } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Model, Sources } from "../page-model.ts";

export const symbols = definePage({
  key: "symbols",
  path: "/symbols",
  title: "Symbols",
  nav: "Symbols",
  params: SYMBOLS_QUERY,
  regions: [universeNow, symbolRows],
  settle(query, model) {
    const page = pageWithin(query.page ?? 1, totalOf(query, model));
    // The rows that the page is made of stay its rows.
    return { ...query, page, rows: rowsNow(model, { ...query, page }) };
  },
  load: ({ charts }, query, model) => ({ total: totalOf(query, model), charts }),
  filter: { delayMs: 250, fields: Fields },
  view: Matches,
});

interface Loaded {
  /** How many symbols match over all pages. */
  readonly total: number;
  readonly charts: Sources["charts"];
}

type Props = PageProps<SymbolsQuery, Loaded>;

function totalOf(query: SymbolsQuery, model: Model): number {
  return countSymbols(model.view.symbols.values(), query, pausedIn(model));
}

const STATE_TITLES = { category: "Category", state: "State" } as const;
const SET_TITLES = { why: "why in, why out", market: "market", classes: "classes" } as const;

function Fields({ model, params }: Props): Html {
  const { q = "", columns, sort = DEFAULT_SORT, order = DEFAULT_ORDER } = params;
  return (
    <>
      <label>
        Search
        <input type="search" name="q" value={q} maxlength={40} placeholder="e.g. BTC" />
      </label>
      <FacetChoice model={model} params={params} facet="state" title={STATE_TITLES.state} />
      <FacetChoice model={model} params={params} facet="category" title={STATE_TITLES.category} />
      <details class="facets" open={AXIS_NAMES.some((name) => params[name] !== undefined)}>
        <summary>Classes</summary>
        {AXIS_NAMES.map((name) => (
          <FacetChoice model={model} params={params} facet={name} title={AXES[name].title} />
        ))}
      </details>
      <label>
        Columns
        <select name="columns">
          {SET_NAMES.map((name) => (
            <option value={name} selected={columns === name}>
              {SET_TITLES[name]}
            </option>
          ))}
        </select>
      </label>
      <input type="hidden" name="sort" value={sort} />
      <input type="hidden" name="order" value={order} />
    </>
  );
}

interface FacetProps {
  readonly model: Model;
  readonly params: SymbolsQuery;
  readonly facet: Facet;
  readonly title: string;
}

/** Every value that some symbol has, with how many; the chosen one also when none has it now. */
function FacetChoice({ model, params, facet, title }: FacetProps) {
  const rows = model.view.symbols.values();
  const counts = new Map(facetCounts(rows, params, facet, pausedIn(model)));
  const chosen = params[facet];
  if (chosen !== undefined && !counts.has(chosen)) counts.set(chosen, 0);
  return (
    <label>
      {title}
      <select name={facet}>
        <option value="">all</option>
        {[...counts].map(([value, count]) => (
          <option value={value} selected={chosen === value}>
            {value} ({count})
          </option>
        ))}
      </select>
    </label>
  );
}

function Matches({ model, params, data }: Props): Html {
  return (
    <>
      {universeNow.place(model, params.q)}
      {data.total === 0 ? (
        <Empty>No symbol matches.</Empty>
      ) : (
        symbolRows.place(model, { query: params, charts: data.charts })
      )}
      <Pager query={params} total={data.total} />
    </>
  );
}
