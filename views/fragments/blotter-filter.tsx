/** @jsxImportSource hono/jsx */
/**
 * The filter of the blotter: its line, chips that put common terms in or take them out, what can be
 * written, and what was not understood. A plain form: what it shows has an address of its own.
 */
import {
  type Filter,
  type FilterProblem,
  filterText,
  parseFilter,
  termText,
} from "../../src/blotter/filter.ts";
import { FIELDS, namesOf, type Tab } from "../../src/blotter/filter-terms.ts";
import type { Html } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { addressText } from "../region.tsx";

/** What was asked for, and what was made of it. */
export interface Asked {
  readonly tab: Tab;
  readonly text: string;
  readonly filter: Filter | null;
  readonly problem: FilterProblem | null;
}

export function askedOf(text: string, tab: Tab, { nowMs, run }: Model): Asked {
  const parsed = parseFilter(text, { tab, nowMs, timeZone: run.timeZone });
  return {
    tab,
    text,
    filter: parsed.ok ? parsed.value : null,
    problem: parsed.ok ? null : parsed.problem,
  };
}

/** Address of a list with a filter; further parameters name a page of it. */
export function blotterPath(
  tab: Tab,
  q: string,
  page: Readonly<Record<string, number | undefined>> = {},
): string {
  return `/blotter?${addressText({ tab, q: q === "" ? undefined : q, ...page })}`;
}

/** One-word names for terms that are asked for often. */
const CHIPS: readonly (readonly [label: string, term: string, tabs: readonly Tab[]])[] = [
  ["last hour", "from:-1h", ["trips", "fills", "orders", "refusals"]],
  ["today", "from:today", ["trips", "fills", "orders", "refusals"]],
  ["buys", "side:buy", ["trips", "fills", "orders", "refusals"]],
  ["sells", "side:sell", ["trips", "fills", "orders", "refusals"]],
  ["lost", "net:<0", ["trips", "fills"]],
  ["maker", "maker:yes", ["fills"]],
  ["taker", "maker:no", ["fills"]],
  ["entries", "purpose:entry", ["fills", "orders", "refusals"]],
  ["exits", "purpose:exit", ["fills", "orders", "refusals"]],
  ["funding", "kind:funding", ["fills"]],
  ["filled", "state:filled,partly", ["orders"]],
  ["cancelled", "state:cancelled", ["orders"]],
  ["rejected", "state:rejected,failed", ["orders"]],
];

export function FilterLine({ asked }: { asked: Asked }): Html {
  const { tab, text } = asked;
  return (
    <>
      <form class="toolbar blotter-filter" action="/blotter" method="get">
        <input type="hidden" name="tab" value={tab} />
        <label class="grow">
          Filter
          <input
            type="search"
            name="q"
            value={text}
            maxlength={400}
            placeholder="sym:ENA side:buy net:<0 from:-1h reason:stop"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            aria-describedby={asked.problem === null ? undefined : "filter-problem"}
            aria-invalid={asked.problem === null ? undefined : "true"}
            data-page-search
          />
        </label>
        <button type="submit" class="button">
          Show
        </button>
        {text === "" ? null : (
          <a class="button" href={blotterPath(tab, "")}>
            Clear
          </a>
        )}
      </form>
      {asked.problem === null ? null : <Problem asked={asked} problem={asked.problem} />}
      <Chips asked={asked} />
      <Help tab={tab} />
    </>
  );
}

function Problem({ asked, problem }: { asked: Asked; problem: FilterProblem }): Html {
  const rest = asked.text.replace(problem.term, "").replace(/\s+/g, " ").trim();
  return (
    <p class="banner bad filter-problem" id="filter-problem" role="alert">
      Not understood: <code>{problem.term}</code>. {problem.message}{" "}
      <a href={blotterPath(asked.tab, rest)}>Leave it out</a>
    </p>
  );
}

function Chips({ asked: { tab, filter } }: { asked: Asked }): Html {
  const terms = filter?.terms ?? [];
  const written = terms.map(termText);
  return (
    <ul class="chips filter-chips" aria-label="Common filters">
      {CHIPS.filter(([, , tabs]) => tabs.includes(tab)).map(([label, term]) => {
        const isOn = written.includes(term);
        const others = filterText(terms.filter((one) => termText(one) !== term));
        const next = isOn ? others : `${others} ${term}`.trim();
        return (
          <li>
            <a class="chip" href={blotterPath(tab, next)} aria-current={isOn ? "true" : undefined}>
              {label}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Help({ tab }: { tab: Tab }): Html {
  return (
    <details class="filter-help">
      <summary>What can be written</summary>
      <p>
        All terms must hold. A minus before a term turns it round: <code>-sym:BTC</code>. Several
        values stand with commas between: <code>sym:ENA,OP</code>. Quotes keep blanks together:{" "}
        <code>reason:"no book"</code>. A word without a name is looked for in symbol, strategy,
        reason and ids.
      </p>
      <dl>
        {namesOf(tab).map((name) => {
          const spec = FIELDS[name];
          return spec === undefined ? null : (
            <div class="filter-term">
              <dt>
                <code>{spec.example}</code>
              </dt>
              <dd>
                {spec.means}; takes {spec.takes}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
