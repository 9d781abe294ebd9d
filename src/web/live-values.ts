/**
 * The values of a rendered region apart from its structure: what the stream compares to find out
 * whether rows changed or only the numbers in them.
 */
import { VALUE_ATTRIBUTE, VALUE_CELL } from "../../views/value.tsx";

export interface LiveValues {
  /** The text of the region with every value taken out. */
  readonly structure: string;
  /** `[id, text, tone]` as JSON by id; a title that lives with the value is a fourth. */
  readonly cells: Map<string, string>;
}

/** What a pattern's brackets found; one that took no part is absent. */
type Groups = readonly (string | undefined)[];

/** Splits what a region rendered. */
export function valuesOf(html: string): LiveValues {
  const cells = new Map<string, string>();
  if (!html.includes("data-v=")) return { structure: html, cells };
  const structure = html
    .replace(VALUE_CELL, (_, ...[id = "", tone = "", title, text = ""]: Groups) => {
      const parts = [id, text, tone, ...(title === undefined ? [] : [title])];
      cells.set(id, JSON.stringify(parts.map(plain)));
      return `<span data-v="${id}">`;
    })
    .replace(VALUE_ATTRIBUTE, (_, ...[id = "", attribute = "", value = ""]: Groups) => {
      cells.set(id, JSON.stringify([id, value, ""].map(plain)));
      return `data-v="${id}" data-va="${attribute}"`;
    });
  return { structure, cells };
}

/** Cells that are new or other than before. */
export function changedCells(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  const changed: string[] = [];
  for (const [id, cell] of now) if (before.get(id) !== cell) changed.push(cell);
  return changed;
}

const NAMED: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/** What the renderer escaped, as the page shows it: the page sets text, not markup. */
function plain(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (name) => NAMED[name] ?? name);
}
