/**
 * The one way in which risk limits change while the program runs: checked as a whole, shown before,
 * written down, and handed to the engine. What loosens is written first and refused when it cannot
 * be; what tightens acts first, and a disk that is full does not hold it up.
 */
import type { LimitsChange } from "../domain/limits-event.ts";
import { errorText } from "../kernel/wording.ts";
import { effectOf } from "../monitor/limits-preview.ts";
import type { MonitorView } from "../monitor/view.ts";
import {
  contradictionIn,
  differencesOf,
  isLimitName,
  isLimitValue,
  LIMIT_TERMS,
  type LimitName,
  limitAccepts,
} from "../risk/limit-terms.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type {
  LimitChange,
  LimitOutcome,
  LimitPreview,
  LimitsDesk,
  LimitWishes,
} from "../runtime/ports/limit-changes.ts";
import type { LogPort } from "../runtime/ports/log.ts";

interface DeskOptions {
  /** What the settings say. */
  readonly settings: RiskLimits;
  /** What earlier changes left over them. */
  readonly held: ReadonlyMap<LimitName, LimitChange>;
  readonly view: () => MonitorView;
  /** Throws when it cannot. */
  readonly write: (changes: readonly LimitChange[]) => void;
  readonly tell: (event: LimitsChange) => void;
  readonly nowMs: () => number;
  readonly log: LogPort;
}

/** The limits that a run begins with. */
export function limitsHeld(
  settings: RiskLimits,
  held: ReadonlyMap<LimitName, LimitChange>,
): RiskLimits {
  const limits: Record<LimitName, number> = { ...settings };
  for (const [name, { after }] of held) limits[name] = after;
  return limits;
}

export function createLimitsDesk(options: DeskOptions): LimitsDesk {
  const { settings, log } = options;
  let held = options.held;
  const set = () => limitsHeld(settings, held);

  function preview(wishes: LimitWishes): LimitOutcome | LimitPreview {
    const before = set();
    const wrong = wrongIn(wishes);
    if (wrong !== null) return { result: "wrong", ...wrong };
    const after = wished(before, settings, wishes);
    const clash = contradictionIn(after);
    if (clash !== null) return { result: "wrong", name: clash.name, wanted: clash.accepts };
    const changes = differencesOf(before, after).map(({ name, loosens }) => ({
      name,
      loosens,
      before: before[name],
      after: after[name],
    }));
    return { changes, ...effectOf(options.view(), after) };
  }

  function change({ wishes, by, reason, confirmed }: Parameters<LimitsDesk["change"]>[0]) {
    const shown = preview(wishes);
    if ("result" in shown) return shown;
    const loosens = shown.changes.some((change) => change.loosens);
    if (loosens && !confirmed) return { result: "unconfirmed", preview: shown } as const;
    const atMs = options.nowMs();
    const rows: LimitChange[] = shown.changes.map(({ name, before, after }) => {
      return { name, before, after, by, reason, atMs, isHeld: wishes[name] !== null };
    });
    const changes = Object.fromEntries(rows.map(({ name, after }) => [name, after]));
    const tell = () => {
      held = heldAfter(held, rows);
      options.tell({ kind: "limits_change", changes, by, reason });
    };
    if (rows.length === 0) return { result: "changed", preview: shown } as const;
    if (!loosens) tell();
    try {
      options.write(rows);
    } catch (error) {
      const text = errorText(error);
      log.error("a change of the risk limits is not written", { text, changes });
      if (loosens) return { result: "unwritten", text } as const;
    }
    if (loosens) tell();
    return { result: "changed", preview: shown } as const;
  }

  return { set, held: () => held, preview, change };
}

function wrongIn(wishes: LimitWishes): { name: string; wanted: string } | null {
  for (const [name, value] of Object.entries(wishes)) {
    if (!isLimitName(name)) return { name, wanted: "the name of a limit" };
    if (LIMIT_TERMS[name].isFixed === true) {
      return { name, wanted: "left as it is: it can only be set for the next start" };
    }
    if (value !== null && !isLimitValue(name, value)) return { name, wanted: limitAccepts(name) };
  }
  return null;
}

function wished(before: RiskLimits, settings: RiskLimits, wishes: LimitWishes): RiskLimits {
  const after: Record<LimitName, number> = { ...before };
  for (const [name, value] of Object.entries(wishes)) {
    if (isLimitName(name)) after[name] = value ?? settings[name];
  }
  return after;
}

function heldAfter(
  held: ReadonlyMap<LimitName, LimitChange>,
  rows: readonly LimitChange[],
): ReadonlyMap<LimitName, LimitChange> {
  const next = new Map(held);
  for (const row of rows) {
    if (row.isHeld) next.set(row.name, row);
    else next.delete(row.name);
  }
  return next;
}
