/** @jsxImportSource hono/jsx */
/** The active set at a glance: who is in, who is next and waits for what, who came and went. */
import { z } from "zod";
import { SYMBOLS_CHOICE } from "../../src/monitor/symbols-query.ts";
import { Empty, type Html, SymbolLink, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { regionOf } from "../region.tsx";

/** What one looks at; the rest is in the record and in the list. */
const SHOWN_MAX = 5;

/** Who searches a name wants that one: the active set makes room. */
export const universeNow = regionOf({
  name: "universe-now",
  params: z.object({ q: SYMBOLS_CHOICE.q }),
  load: (_, { q }) => q,
  view: (model: Model, q) => <Now model={model} isShown={q === undefined} />,
  element: ({ id, children }) => (
    <div id={id} class="universe">
      {children}
    </div>
  ),
});

function Now({ model: { view }, isShown }: { model: Model; isShown: boolean }): Html {
  if (!isShown) return <span hidden />;
  const { active, next, parameters } = view.universe;
  const seats = parameters?.activeMax ?? 0;
  return (
    <>
      <p>
        <strong>
          {active.length} of {seats} seats
        </strong>{" "}
        {active.map((symbol) => (
          <>
            <SymbolLink symbol={symbol} />{" "}
          </>
        ))}
      </p>
      <p>
        <strong>Next in line</strong>{" "}
        {next.length === 0
          ? "nobody scores enough and waits"
          : next.slice(0, SHOWN_MAX).map((symbol) => (
              <span class="next">
                <SymbolLink symbol={symbol} /> {view.symbols.get(symbol)?.standing.why}{" "}
              </span>
            ))}
      </p>
      <Changes changes={view.universeChanges.slice(0, SHOWN_MAX)} />
    </>
  );
}

function Changes({ changes }: { changes: Model["view"]["universeChanges"] }) {
  if (changes.length === 0) return <Empty>Nobody came or went since the start.</Empty>;
  return (
    <ul class="changes" aria-label="Who came and went">
      {changes.map(({ atMs, symbol, verb, reason }) => (
        <li>
          <Time atMs={atMs} /> <SymbolLink symbol={symbol} />{" "}
          <span class={verb === "in" ? "good" : "flat"}>{reason}</span>
        </li>
      ))}
    </ul>
  );
}
