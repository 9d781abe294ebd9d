/** @jsxImportSource hono/jsx */
/**
 * Every order, execution and refusal of the account, over all runs: filtered, added up, page by
 * page. Rows stand still while somebody reads: what comes is counted, and shown when asked for.
 */
import { z } from "zod";
import type { Tab } from "../../src/blotter/filter-terms.ts";
import type {
  BlotterPage,
  BlotterRows,
  BlotterTotals,
  ListName,
  ListQuery,
  PageWanted,
} from "../../src/blotter/rows.ts";
import { counted } from "../../src/kernel/wording.ts";
import { filterParam, LISTS, rowParam } from "../../src/monitor/blotter-params.ts";
import { oneOf, optional, symbolParam, wholeParam } from "../../src/monitor/params.ts";
import { type Asked, askedOf, blotterPath, FilterLine } from "../fragments/blotter-filter.tsx";
import { FillTable, OrderTable, RefusalTable } from "../fragments/blotter-rows.tsx";
import { Totals } from "../fragments/blotter-totals.tsx";
import { TripTable } from "../fragments/blotter-trips.tsx";
import { Card, Empty, type Html } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Model, Sources } from "../page-model.ts";
import { regionOf } from "../region.tsx";

/** One screen and a bit. */
const ROWS_PER_PAGE = 50;
/** "Many": so many are looked at for the count of new rows. */
const NEWER_MAX = 1_000;

const SHAPE = {
  tab: oneOf(LISTS).default("trips"),
  q: optional(filterParam()),
};
const PARAMS = z.object({
  ...SHAPE,
  before: optional(rowParam()),
  after: optional(rowParam()),
  /** As older bookmarks have it: a term of the filter. */
  symbol: optional(symbolParam()),
  /** When the newest page was made: what its stream counts from. */
  since: optional(wholeParam(0, Number.MAX_SAFE_INTEGER)),
});
type Params = z.infer<typeof PARAMS>;

const LABELS = {
  trips: "Round trips",
  fills: "Fills",
  orders: "Orders",
  refusals: "Refusals",
} as const;

/** A page of one list. */
type Listed = {
  readonly [Name in ListName]: {
    readonly list: Name;
    readonly page: BlotterPage<BlotterRows[Name]>;
  };
}[ListName];

interface Loaded {
  readonly asked: Asked;
  /** Null when the filter was not understood. */
  readonly found: { readonly listed: Listed; readonly totals: BlotterTotals } | null;
}

/** "12 new", above rows that stay where they are. */
const newer = regionOf({
  name: "blotter-newer",
  params: z.object({ ...SHAPE, since: PARAMS.shape.since }),
  load: ({ blotter: reader }, params) => ({ newer: reader.newer.bind(reader), params }),
  view: Newer,
});

interface NewerData {
  readonly newer: Sources["blotter"]["newer"];
  readonly params: Pick<Params, "tab" | "q" | "since">;
}

function Newer(model: Model, { newer: countOf, params }: NewerData): Html {
  const { tab, q = "", since } = params;
  const { filter } = askedOf(q, tab, model);
  if (since === undefined || filter === null) return <span />;
  const count = countOf({ list: tab, terms: filter.terms }, since);
  if (count === 0) return <span class="flat">Newest rows, as of now</span>;
  const many = count >= NEWER_MAX ? `${count} or more` : String(count);
  return (
    <a class="chip" href={blotterPath(tab, q)}>
      {many} new
    </a>
  );
}

export const blotter = definePage({
  key: "blotter",
  path: "/blotter",
  title: "Blotter",
  nav: "Blotter",
  params: PARAMS,
  regions: [newer],
  settle: ({ symbol, ...params }, { nowMs }) => {
    const isNewest = params.before === undefined && params.after === undefined;
    const since = isNewest ? (params.since ?? nowMs) : undefined;
    if (symbol === undefined) return { ...params, since };
    return { ...params, since, q: `sym:${symbol} ${params.q ?? ""}`.trim() };
  },
  load,
  view: Blotter,
});

function load(sources: Sources, params: Params, model: Model): Promise<Loaded> {
  const { tab, q = "", before, after } = params;
  const asked = askedOf(q, tab, model);
  const { filter } = asked;
  if (filter === null) return Promise.resolve({ asked, found: null });
  const query = { list: tab, terms: filter.terms };
  const wanted = { limit: ROWS_PER_PAGE, before, after };
  return Promise.all([listed(sources, query, wanted), sources.blotter.totals(query)]).then(
    ([rows, totals]) => ({ asked, found: { listed: rows, totals } }),
  );
}

function listed({ blotter: reader }: Sources, query: ListQuery, wanted: PageWanted) {
  const { list, terms } = query;
  const of = <Name extends ListName>(name: Name) => reader.page({ list: name, terms }, wanted);
  switch (list) {
    case "trips":
      return of("trips").then((page): Listed => ({ list: "trips", page }));
    case "fills":
      return of("fills").then((page): Listed => ({ list: "fills", page }));
    case "orders":
      return of("orders").then((page): Listed => ({ list: "orders", page }));
    case "refusals":
      return of("refusals").then((page): Listed => ({ list: "refusals", page }));
  }
}

type Props = PageProps<Params, Loaded>;

function Blotter({ model, params, data: { asked, found } }: Props): Html {
  return (
    <>
      <Tabs tab={asked.tab} text={asked.text} />
      <FilterLine asked={asked} />
      {found === null ? null : <Totals tab={asked.tab} totals={found.totals} />}
      {found === null ? null : (
        <Card title={titleOf(params)} meta={<Files asked={asked} count={found.totals.count} />}>
          <Rows listed={found.listed} asked={asked} model={model} />
        </Card>
      )}
      {found === null ? null : <Pager model={model} params={params} listed={found.listed} />}
    </>
  );
}

function Tabs({ tab, text }: { tab: Tab; text: string }): Html {
  return (
    <nav class="tabs" aria-label="Lists">
      {LISTS.map((name) => (
        <a href={blotterPath(name, text)} aria-current={name === tab ? "page" : undefined}>
          {LABELS[name]}
        </a>
      ))}
    </nav>
  );
}

function Files({ asked: { tab, text }, count }: { asked: Asked; count: number }): Html {
  const href = (format: string) =>
    `${blotterPath(tab, text).replace("/blotter?", "/blotter/export?")}&format=${format}`;
  return (
    <>
      all {counted(count, "row")} as{" "}
      <a href={href("csv")} download data-key="e">
        CSV
      </a>{" "}
      ·{" "}
      <a href={href("ndjson")} download>
        NDJSON
      </a>
    </>
  );
}

/** What is shown, and that it is not the newest where it is not. */
function titleOf({ tab, before }: Params): string {
  return before === undefined ? LABELS[tab] : `Older ${LABELS[tab].toLowerCase()}`;
}

interface RowsProps {
  readonly listed: Listed;
  readonly asked: Asked;
  readonly model: Model;
}

function Rows({ listed: rows, asked, model }: RowsProps): Html {
  if (rows.page.rows.length === 0) return <Nothing asked={asked} model={model} />;
  switch (rows.list) {
    case "trips":
      return <TripTable rows={rows.page.rows} instruments={model.view.instruments} />;
    case "fills":
      return <FillTable rows={rows.page.rows} />;
    case "orders":
      return <OrderTable rows={rows.page.rows} />;
    case "refusals":
      return <RefusalTable rows={rows.page.rows} />;
  }
}

const NONE = {
  trips: "No round trip",
  fills: "No execution",
  orders: "No order",
  refusals: "No refusal",
} as const;

function Nothing({ asked, model }: { asked: Asked; model: Model }): Html {
  const { tab, text, filter } = asked;
  if (text === "") return <Empty>{NONE[tab]} yet.</Empty>;
  const symbol = onlySymbol(filter);
  if (symbol !== null && !isListed(symbol, model)) {
    return <Empty>The venue lists no symbol {symbol}. Is it spelt in full?</Empty>;
  }
  if (symbol !== null) {
    return (
      <Empty>
        {NONE[tab]} in {symbol} yet.
      </Empty>
    );
  }
  return (
    <Empty>
      {NONE[tab]} fits <code>{text}</code>. <a href={blotterPath(tab, "")}>Show all</a>
    </Empty>
  );
}

/** The symbol, where nothing else was asked for. */
function onlySymbol(filter: Asked["filter"]): string | null {
  const [term, ...more] = filter?.terms ?? [];
  if (term?.kind !== "text" || term.field !== "symbol" || term.isNot || more.length > 0)
    return null;
  return term.values.length === 1 ? (term.values[0] ?? null) : null;
}

/** Everything may be, before the instruments are known. */
function isListed(part: string, { view }: Model): boolean {
  if (view.instruments.size === 0) return true;
  return [...view.instruments.keys()].some((symbol) => symbol.includes(part));
}

interface PagerProps {
  readonly model: Model;
  readonly params: Params;
  readonly listed: Listed;
}

/** By row numbers: what comes meanwhile moves no page. */
function Pager({ model, params, listed: { page } }: PagerProps): Html {
  const { tab, q = "", since } = params;
  const first = page.rows.at(0)?.id;
  const last = page.rows.at(-1)?.id;
  const data = { newer: () => 0, params: { tab, q, since } };
  return (
    <nav class="pager" aria-label="Pages">
      <Step
        label="‹ Newer"
        dataKey="]"
        href={page.hasNewer && first !== undefined ? blotterPath(tab, q, { after: first }) : null}
      />
      {since === undefined ? (
        <a class="button" href={blotterPath(tab, q)}>
          Newest
        </a>
      ) : (
        newer.place(model, data)
      )}
      <Step
        label="Older ›"
        dataKey="["
        href={page.hasOlder && last !== undefined ? blotterPath(tab, q, { before: last }) : null}
      />
    </nav>
  );
}

interface StepProps {
  readonly label: string;
  readonly dataKey: string;
  readonly href: string | null;
}

function Step({ label, dataKey, href }: StepProps): Html {
  if (href !== null) {
    return (
      <a class="button" href={href} data-key={dataKey}>
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
