import { expect, test } from "bun:test";
import type { Effect } from "../../../src/engine/effect.ts";
import { dispatcher } from "../../../src/runtime/dispatcher.ts";

test("before there is a venue timers run and orders are a warning, not a crash", () => {
  const timers: string[] = [];
  const warnings: unknown[] = [];
  const silent = () => {};
  const perform = dispatcher({
    venue: () => null,
    log: { info: silent, warn: (text, data) => warnings.push([text, data]), error: silent },
    setTimer: (name) => timers.push(name),
    audit: silent,
    keepTrading: silent,
    keepWords: silent,
    openAccount: silent,
  });
  const effects: Effect[] = [
    { kind: "set_timer", name: "audit", dueAtMs: 1 },
    { kind: "cancel_all", reason: "flatten" },
  ];
  for (const effect of effects) perform(effect);
  expect(timers).toEqual(["audit"]);
  expect(warnings).toEqual([["nothing was sent: no venue yet", { effect: "cancel_all" }]]);
});
