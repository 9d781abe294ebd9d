/** @jsxImportSource hono/jsx */
/**
 * Why a symbol is traded or not, and what a person may say about it: classes with their rules and
 * numbers, parts of the score, pin and block, note, numbers of one's own. Forms need no scripts.
 */
import { z } from "zod";
import { symbolParam } from "../../src/monitor/params.ts";
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { AXES, AXIS_NAMES } from "../../src/universe/axes.ts";
import {
  NOTE_CHARS_MAX,
  OVERRIDE_BOUNDS,
  OVERRIDE_NAMES,
} from "../../src/universe/operator-words.ts";
import { compact, duration, fixed, NONE } from "../format.ts";
import { Card, Facts, type Html } from "../html.tsx";
import { isOperator, type Model, type PageFrame } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { ScoreBar, scoreWords } from "./score-bar.tsx";

export const symbolStanding = regionOf({
  name: "symbol-standing",
  params: z.object({ symbol: symbolParam() }),
  load: (_, { symbol }) => symbol,
  view: ({ view, nowMs }: Model, symbol: string) => {
    const row = view.symbols.get(symbol);
    return row === undefined ? <p>{NONE}</p> : <Now row={row} nowMs={nowMs} />;
  },
});

function Now({ row, nowMs }: { row: SymbolAudit; nowMs: number }): Html {
  const { standing, axes, scoreParts, words } = row;
  const leftMs = row.active ? Math.max(0, standing.stayUntilMs - nowMs) : 0;
  const stays = leftMs > 0 ? `, stays ${duration(Math.ceil(leftMs / 1_000) * 1_000)} more` : "";
  const place = standing.place > 0 ? `next in line ${standing.place}: ` : "";
  const said = [
    words.pin === null ? "" : `pinned by ${words.pin.by}: ${words.pin.reason}`,
    words.block === null ? "" : `blocked by ${words.block.by}: ${words.block.reason}`,
  ].filter((text) => text !== "");
  return (
    <>
      <Facts
        rows={[
          ["Score", `${fixed(row.score, 1)} of 100`],
          [row.active ? "In, as" : "Out, as", `${place}${standing.why}${stays}`],
          ...(said.length === 0 ? [] : [["Said", said.join("; ")] as const]),
          ...(axes === null
            ? []
            : AXIS_NAMES.map((name) => {
                const { value, number } = axes[name];
                const { title, unit, rule } = AXES[name];
                const text = Math.abs(number) >= 1_000 ? compact(number) : fixed(number, 2);
                return [title, <span title={rule}>{`${value}, ${text} ${unit}`}</span>] as const;
              })),
        ]}
      />
      <ScoreBar score={scoreParts} />
      <p class="score-words">{scoreWords(scoreParts)}</p>
    </>
  );
}

/** Forms of those who may act; what stands in them was true when the page was made. */
export function SymbolWordsCard({
  frame,
  row,
}: {
  readonly frame: PageFrame;
  readonly row: SymbolAudit;
}): Html {
  const { words, symbol } = row;
  if (!isOperator(frame.viewer)) {
    return (
      <Card title="Note" id="words">
        <p class="note">{words.note === "" ? NONE : words.note}</p>
      </Card>
    );
  }
  return (
    <Card title="Pin, block, note" id="words">
      <div class="word-verbs">
        <VerbForm frame={frame} symbol={symbol} name="pin" isOn={words.pin !== null} />
        <VerbForm frame={frame} symbol={symbol} name="block" isOn={words.block !== null} />
      </div>
      <form
        class="words-form"
        method="post"
        action={`/symbols/${encodeURIComponent(symbol)}/profile`}
      >
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <label>
          Note
          <textarea name="note" rows={2} maxlength={NOTE_CHARS_MAX}>
            {words.note}
          </textarea>
        </label>
        {OVERRIDE_NAMES.map((name) => (
          <label>
            {OVERRIDE_TITLES[name]}
            <input
              type="number"
              name={name}
              step="any"
              min={OVERRIDE_BOUNDS[name].min}
              max={OVERRIDE_BOUNDS[name].max}
              value={words.overrides[name] ?? ""}
              placeholder="as measured"
            />
          </label>
        ))}
        <button type="submit" class="button primary">
          Save
        </button>
      </form>
    </Card>
  );
}

const OVERRIDE_TITLES = {
  enterScore: "Score to enter",
  spreadBpsMax: "Widest spread, bps",
  topDepthUsdtMin: "Least depth at the top, USDT",
  adverseBps: "Adverse move at 5 s, bps",
} as const;

interface VerbProps {
  readonly frame: PageFrame;
  readonly symbol: string;
  readonly name: "pin" | "block";
  readonly isOn: boolean;
}

function VerbForm({ frame, symbol, name, isOn }: VerbProps) {
  const word = isOn ? `un${name}` : name;
  const label = word.charAt(0).toUpperCase() + word.slice(1);
  return (
    <form
      method="post"
      action={`/symbols/${encodeURIComponent(symbol)}/${name}`}
      data-symbol={symbol}
      data-verb={name}
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      {isOn ? <input type="hidden" name="_method" value="delete" /> : null}
      <button type="submit" class={name === "block" && !isOn ? "button danger-line" : "button"}>
        {label} {symbol}
      </button>
    </form>
  );
}
