/** The risk limits as rows of JSON, and a change of them in words. */
import { useOf } from "../monitor/limit-use.ts";
import type { MonitorView } from "../monitor/view.ts";
import { LIMIT_NAMES, LIMIT_TERMS } from "../risk/limit-terms.ts";
import type { LimitPreview, LimitsDesk } from "../runtime/ports/limit-changes.ts";

/** Every limit: as set, as it holds for this equity, used, and where it comes from. */
export function limitRows(desk: Pick<LimitsDesk, "set" | "held">, view: MonitorView) {
  const set = desk.set();
  const held = desk.held();
  return LIMIT_NAMES.map((name) => {
    const { title, unit, min, max, tighter, isFixed = false } = LIMIT_TERMS[name];
    const change = held.get(name);
    const source = change === undefined ? "settings" : `changed by ${change.by}`;
    const changedAtMs = change?.atMs ?? null;
    const holds = view.risk?.holds[name] ?? set[name];
    const used = useOf(name, view);
    const shown = { title, unit, min, max, tighter, isFixed };
    return { name, value: set[name], holds, used, source, changedAtMs, ...shown };
  });
}

/** A change and its effect, as one sentence. */
export function previewText({ changes, cancels, denies }: LimitPreview): string {
  if (changes.length === 0) return "nothing changes";
  const said = changes.map(({ name, before, after, loosens }) => {
    return `${name} ${before} → ${after}${loosens ? " (looser)" : ""}`;
  });
  const taken = cancels.length === 0 ? "no order is taken back" : `${cancels.length} orders go`;
  return [said.join(", "), taken, ...denies].join("; ");
}
