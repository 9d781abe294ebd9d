import { Pager, SymbolRows, SymbolsTable } from "../fragments/symbols.tsx";
import { Empty, type Html } from "../html.tsx";
import { Layout, Stream } from "../layout.tsx";
import type { Model, PageFrame } from "../page-model.ts";
import { regionId } from "../regions.tsx";

interface SymbolsProps {
  readonly frame: PageFrame;
  readonly model: Model;
  /** How many symbols match over all pages. */
  readonly total: number;
}

/** Every symbol the venue lists: find one fast, see what it costs to trade it. */
export function SymbolsPage(props: SymbolsProps): Html {
  const { frame, model } = props;
  const { symbolsQuery: query, view } = model;
  return (
    <Layout title="Symbols" frame={frame} model={model} opensStream={false}>
      <form
        class="toolbar"
        action="/symbols"
        method="get"
        hx-get="/symbols"
        hx-trigger="submit, change, input delay:250ms"
        hx-target="#symbols-view"
        hx-replace-url="true"
      >
        <label>
          Search
          <input type="search" name="q" value={query.q} maxlength={40} placeholder="e.g. BTC" />
        </label>
        <label>
          Category
          <select name="category">
            <option value="">all ({view.symbols.size})</option>
            {Object.entries(view.universe.counts).map(([name, count]) => (
              <option value={name} selected={query.category === name}>
                {name} ({count})
              </option>
            ))}
          </select>
        </label>
        <input type="hidden" name="sort" value={query.sort} />
        <input type="hidden" name="dir" value={query.dir} />
        <noscript>
          <button type="submit" class="button">
            Show
          </button>
        </noscript>
      </form>
      <div id="symbols-view">
        <SymbolsView {...props} />
      </div>
    </Layout>
  );
}

/** What a change of the form replaces; it opens its own stream, for its own rows. */
export function SymbolsView({ frame, model, total }: SymbolsProps): Html {
  const { symbolsQuery: query } = model;
  return (
    <>
      {total === 0 ? (
        <Empty>No symbol matches.</Empty>
      ) : (
        <SymbolsTable query={query}>
          <tbody id={regionId("symbol-rows")}>
            <SymbolRows {...model} />
          </tbody>
        </SymbolsTable>
      )}
      <Pager query={query} total={total} />
      <Stream url={frame.liveUrl} />
    </>
  );
}
