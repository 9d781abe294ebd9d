/** Where a symbol stands with the active set, for other programs: classes, score parts, reasons. */
import type { SymbolAudit } from "../engine/audit.ts";
import type { UniverseChange } from "../engine/universe-change.ts";
import { AXES, AXIS_NAMES, type Axes } from "../universe/axes.ts";
import type { HourRow } from "../universe/hours-of-week.ts";
import { noWords, type SymbolWords } from "../universe/operator-words.ts";
import type { Score } from "../universe/score.ts";
import type { WebDeps } from "./deps.ts";
import { emptyProfile, profileRow } from "./profile-rows.ts";

const rounded = (value: number, decimals: number): number | null =>
  Number.isFinite(value) ? Number(value.toFixed(decimals)) : null;

/** In a list of many symbols: the classes, and why. */
export function standingRow({ axes, standing, words, active }: SymbolAudit) {
  const { place, why, sinceMs, stayUntilMs } = standing;
  return {
    classes: axes === null ? {} : Object.fromEntries(classesOf(axes)),
    pinned: words.pin !== null,
    blocked: words.block !== null,
    hasNote: words.note !== "",
    place,
    why,
    activeSinceAtMs: active && sinceMs > 0 ? sinceMs : null,
    stayUntilAtMs: active && stayUntilMs > 0 ? stayUntilMs : null,
  };
}

const classesOf = (axes: Axes) => AXIS_NAMES.map((name) => [name, axes[name].value] as const);

/** Of one symbol: each axis with its rule and number, each part of the score. */
export function judgementRow({ axes, scoreParts }: SymbolAudit) {
  return {
    axes:
      axes === null
        ? []
        : AXIS_NAMES.map((name) => ({
            axis: name,
            class: axes[name].value,
            number: rounded(axes[name].number, 4),
            unit: AXES[name].unit,
            rule: AXES[name].rule,
          })),
    scoreParts: scoreRow(scoreParts),
  };
}

function scoreRow({ points, veto, costs, ...parts }: Score) {
  const numbers = Object.entries({ ...parts, ...costs }).map(([name, value]) => {
    return [name, rounded(value, 4)] as const;
  });
  return { points, veto, ...Object.fromEntries(numbers) };
}

export function changeRow({ atMs, symbol, verb, score, reason, parts }: UniverseChange) {
  const at = new Date(atMs).toISOString();
  return { at, atMs, symbol, verb, score, reason, scoreParts: scoreRow(parts) };
}

/** What is known and said of a symbol; null when the venue lists none of that name. */
export function profileOf({ view: now, hours }: Pick<WebDeps, "view" | "hours">, symbol: string) {
  const view = now();
  const profile = view.profiles.get(symbol);
  if (profile === undefined && !view.instruments.has(symbol)) return null;
  const row = view.symbols.get(symbol);
  return {
    ...profileRow(profile ?? emptyProfile(symbol, row)),
    ...wordsRow(row?.words ?? noWords(symbol)),
    hours: hours(symbol).map(hourRow),
    changes: view.universeChanges.filter((change) => change.symbol === symbol).map(changeRow),
  };
}

function wordsRow({ pin, block, note, overrides, by, updatedAtMs }: SymbolWords) {
  return {
    pin,
    block,
    note,
    overrides,
    saidBy: by,
    saidAtMs: updatedAtMs > 0 ? updatedAtMs : null,
  };
}

/** One hour of the week, Monday 00:00 UTC first; the rows by age are the last week. */
function hourRow(row: HourRow) {
  const { hour, samples, entries, entriesFilled, slippageFills, adverseFills, updatedAtMs } = row;
  const part = (of: number, all: number): number | null =>
    all === 0 ? null : rounded(of / all, 4);
  return {
    hour,
    samples,
    spreadBps: rounded(row.spreadBps, 4),
    depthUsdt: rounded(row.depthUsdt, 2),
    volatilityBps: rounded(row.volatilityBps, 4),
    tradesPerMin: rounded(row.tradesPerMin, 2),
    score: rounded(row.score, 1),
    entries,
    fillRatio: part(entriesFilled, entries),
    slippageBps: part(row.slippageBpsSum, slippageFills),
    slippageFills,
    adverseBps: part(row.adverseBpsSum, adverseFills),
    adverseFills,
    updatedAtMs,
  };
}
