/** @jsxImportSource hono/jsx */
/**
 * A value that changes faster than the rows around it. A region renders it as any other text; the
 * live stream finds it by its mark, sends four times a second only those that changed, and sends
 * the region anew only when something else than such values did.
 *
 * The id names the value in the whole page: `positions.BTCUSDT.net`. Two places may show the same
 * value under the same id. What is around the value (a row, a word, a badge) is structure.
 */
/** Colours that a value may change to while it lives. */
export type ValueTone = "up" | "down" | "flat" | "warn" | "bad" | "good" | "old";

interface ValueProps {
  readonly id: string;
  readonly tone?: ValueTone | undefined;
  /** Sent with the value whenever that changes. */
  readonly title?: string | undefined;
  /** One text; no elements. */
  readonly children: string;
}

/** The order of the attributes is what {@link VALUE_CELL} reads. */
export function V({ id, tone, title, children }: ValueProps) {
  return (
    <span data-v={id} class={tone === undefined ? "num" : `num ${tone}`} title={title}>
      {children}
    </span>
  );
}

/** What may live in an attribute: a length of a bar, a line's points, a stamp. */
type ValueAttribute = "value" | "points" | "d" | "width" | "x" | "data-stamp" | "datetime";

/**
 * Attributes of an element one of whose attributes is such a value:
 * `<meter {...valueIn("risk.loss", "value", "12.5")} max="50" />`.
 */
export function valueIn(
  id: string,
  attribute: ValueAttribute,
  value: string,
): Readonly<Record<string, string>> {
  return { "data-v": id, "data-va": attribute, [attribute]: value };
}

/** A {@link V} in rendered text: id, tone, title, text. */
export const VALUE_CELL =
  /<span data-v="([^"]*)" class="num ?([^"]*)"(?: title="([^"]*)")?>([^<]*)<\/span>/g;

/** The attributes of {@link valueIn} in rendered text: id, attribute, value. */
export const VALUE_ATTRIBUTE = /data-v="([^"]*)" data-va="([a-z-]+)" \2="([^"]*)"/g;
