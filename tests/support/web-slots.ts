/** Rows of the desk as an engine would tell them: each kind of doing, one symbol that left. */
import type { DoingAudit, SymbolAudit } from "../../src/engine/audit.ts";
import type { DeskSlot } from "../../src/monitor/desk-slots.ts";

type Said = Pick<DoingAudit, "doing" | "cause" | "why">;

const SAID: readonly Said[] = [
  { doing: "exiting", cause: "", why: "exit quoted · aged 41/90 s, +1.2 bps" },
  { doing: "exiting", cause: "", why: "exit partly filled 1.3 · aged 12/90 s, −0.4 bps" },
  { doing: "exiting", cause: "", why: "no exit: book old · aged 93/90 s" },
  { doing: "quoting", cause: "", why: "quoting both sides · imbalance 0.52, edge 7.9" },
  { doing: "quoting", cause: "", why: "quoting bid · leans: imbalance 0.21, edge 4.5" },
  {
    doing: "waiting",
    cause: "spread too small",
    why: "no quote: edge 0.4 < 2 bps at a spread of 4.4",
  },
  { doing: "waiting", cause: "too volatile", why: "no quote: volatility 3.4 > 3 bps" },
  { doing: "waiting", cause: "warming up", why: "warming up" },
  { doing: "paused", cause: "paused", why: "by anna: too wild" },
];

/** One a symbol that is active, by name; the first are those that are held. */
export function fixtureSlots(symbols: readonly SymbolAudit[], nowMs: number): readonly DeskSlot[] {
  return symbols
    .filter(({ active }) => active)
    .map((row, at): DeskSlot => {
      const said = SAID[at < SAID.length ? at : 3 + (at % 6)] ?? {
        doing: "waiting",
        cause: "",
        why: "",
      };
      const netTodayUsdt = [0.21, -0.41, 0.36, 0, -0.004][at % 5] ?? 0;
      return {
        symbol: row.symbol,
        doing: { symbol: row.symbol, strategy: "maker", netTodayUsdt, ...said },
        leftAtMs: at === 8 ? nowMs - 4_000 : null,
        marks: Array.from({ length: 61 }, (_, second) => ({
          atMs: nowMs - (60 - second) * 1_000,
          mid: Number(row.lastText) * (1 + Math.sin(second / 6 + at) / 2_000),
          netUsdt: Math.sin(second / 9 + at) / 20,
        })),
      };
    })
    .sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
}
