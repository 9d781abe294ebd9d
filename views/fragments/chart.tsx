/** @jsxImportSource hono/jsx */
/**
 * The place of a chart: a sentence for who does not see it, buttons, the canvas that a script draws
 * into, a line of numbers, and the same data as a table. Without the script, and when a chart
 * fails, the table is what is there. It stands outside of what the stream replaces.
 */
import { type Html, Table } from "../html.tsx";

/** One choice of a group of buttons, as the script finds it. */
interface Choice {
  readonly value: string;
  readonly label: string;
}

interface ChartFigureProps {
  /** Unique in the page, and another one for another symbol. */
  readonly id: string;
  readonly kind: "candles" | "equity";
  readonly size?: "low" | "tall";
  /** What the chart says, for screen readers. */
  readonly sentence: string;
  /** Name of the buttons' data attribute, what they are, and which one holds. */
  readonly choice: {
    readonly name: "interval" | "range";
    readonly label: string;
    readonly all: readonly Choice[];
    readonly now: string;
  };
  readonly symbol?: string;
  readonly twin: ChartTwin;
}

/** The table that says the same; its first column is the time. */
interface ChartTwin {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function ChartFigure(props: ChartFigureProps): Html {
  const { id, kind, size = "", sentence, choice, symbol, twin } = props;
  const chosen = { [`data-${choice.name}`]: choice.now };
  return (
    <figure
      class={`chart ${size}`}
      id={id}
      data-chart={kind}
      data-symbol={symbol}
      {...chosen}
      hx-preserve="true"
    >
      <fieldset class="chart-tools" aria-label={choice.label}>
        {choice.all.map(({ value, label }, at) => (
          <button
            type="button"
            data-key={kind === "candles" ? String(at + 1) : undefined}
            {...{ [`data-${choice.name}`]: value }}
            aria-pressed={value === choice.now ? "true" : "false"}
          >
            {label}
          </button>
        ))}
        {kind === "candles" ? (
          <button type="button" data-now="true">
            newest
          </button>
        ) : null}
      </fieldset>
      <div class="chart-canvas" role="img" tabindex={0} aria-label={sentence} />
      <p class="chart-note" />
      <details class="chart-twin">
        <summary>as table</summary>
        <Table
          label="The chart as a table"
          columns={twin.columns.map((label, at) => (at === 0 ? { label } : { label, num: true }))}
        >
          {twin.rows.map((row) => (
            <tr>
              {row.map((text, at) => (
                <td class={at === 0 ? undefined : "r"}>{text}</td>
              ))}
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  );
}
