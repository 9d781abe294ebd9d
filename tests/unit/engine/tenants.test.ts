/**
 * Strategies as tenants: the engine knows none by name, keeps their orders, pauses and results
 * apart, and holds one of them to a symbol.
 */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { OrderTarget } from "../../../src/domain/order.ts";
import {
  type PriceTicks,
  type QtySteps,
  type SymbolId,
  wholeTicks,
} from "../../../src/domain/units.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import { STRATEGIES } from "../../../src/strategy/registry.ts";
import type {
  Strategy,
  StrategySetup,
  StrategySpec,
  SymbolView,
} from "../../../src/strategy/strategy.ts";
import { entriesOf, lastAccount } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const [A, B] = [0, 1] as SymbolId[] as [SymbolId, SymbolId];
const BOOKS = "book A 1000x9000 1001x9000\nbook B 1000x9000 1001x9000";

interface FakeTerms extends Partial<Strategy> {
  readonly timers?: StrategySpec["needs"]["timers"];
  readonly bars?: StrategySpec["needs"]["bars"];
  readonly isEnabled?: boolean;
}

/** A strategy that bids 10 steps a tick below the touch, unless it is told otherwise. */
function fake(name: string, terms: FakeTerms = {}): StrategySetup {
  const { bars = [], timers = [], isEnabled = true, ...strategy } = terms;
  const spec: StrategySpec = {
    name,
    title: `Fake ${name}`,
    runsByDefault: "never",
    parameters: {},
    needs: { features: [], bars, timers },
    create: () => ({
      execution: {
        requoteBps: 1,
        placePauseMs: 1_000,
        rejectPauseMs: 5_000,
        exitRetryMs: 500,
        entriesPerSide: 1,
        stopDistanceBps: 80,
      },
      interest: () => 1,
      targets: (view) => (view.mayEnter && view.positionSteps === 0 ? [bid(view, 1)] : []),
      ...strategy,
    }),
  };
  return { spec, isEnabled, values: {} };
}

function bid(view: SymbolView, below: number): OrderTarget {
  const priceTicks = wholeTicks(view.book.bestBidTicks - below);
  return {
    side: "buy",
    type: "limit",
    priceTicks,
    qtySteps: 10 as QtySteps,
    timeInForce: "post_only",
    reduceOnly: false,
    purpose: "entry",
    stopLossTicks: (priceTicks - 8) as PriceTicks,
    reason: "test",
  };
}

const tapeOf = (...strategies: StrategySetup[]) => new Tape({ strategies }, 2);
/** The "ready" tape's orders, as "alpha A". */
const placedBy = (tape: Tape) =>
  tape.effects.flatMap((effect) =>
    effect.kind === "submit" ? [`${effect.order.strategy} ${"AB"[effect.order.symbolId]}`] : [],
  );

describe("the engine", () => {
  const ROOT = resolve(import.meta.dir, "../../..");
  const sources = [...new Bun.Glob("src/engine/*.ts").scanSync(ROOT)].map(
    (path) => [path, readFileSync(join(ROOT, path), "utf8")] as const,
  );

  test("imports of strategy/ what a strategy is, and none of them", () => {
    const imports = sources.flatMap(([, text]) =>
      [...text.matchAll(/from "\.\.\/strategy\/([^"]+)"/g)].map(([, file]) => file),
    );
    expect(new Set(imports)).toEqual(new Set(["strategy.ts", "strategy-parameters.ts"]));
  });

  test("names no strategy", () => {
    const names = STRATEGIES.map(({ name }) => new RegExp(`\\b${name}\\b`));
    const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const told = sources.filter(([, text]) => names.some((name) => name.test(code(text))));
    expect(told.map(([path]) => path)).toEqual([]);
  });
});

describe("two strategies", () => {
  test("each trades its own symbol, under its own client ids", () => {
    const tape = tapeOf(fake("alpha"), fake("beta"));
    tape.ready();
    expect(placedBy(tape)).toEqual(["alpha A", "beta B"]);
    const ids = [...tape.state.orders.all()].map(({ clientId }) => clientId as string);
    expect(ids).toEqual(["t-alpha-1", "t-beta-2"]);
  });

  test("one that is off trades nothing, and the other has both", () => {
    const tape = tapeOf(fake("alpha", { isEnabled: false }), fake("beta"));
    tape.ready();
    expect(placedBy(tape)).toEqual(["beta A", "beta B"]);
  });

  test("fills, fees and profit are booked on the owner's line and add up", () => {
    const tape = tapeOf(fake("alpha"), fake("beta"));
    tape.ready();
    tape.play("exec t-alpha-1 10 999\nexec t-beta-2 4 999\nexec - 4 1010 sell B");
    const { ledger } = tape.state;
    expect(ledger.lines.line("alpha")).toMatchObject({ realised: 0n, fillCount: 1 });
    expect(ledger.lines.line("beta").fillCount).toBe(2);
    expect(ledger.lines.line("beta").realised).toBe(ledger.realised);
    expect(ledger.realised).toBeGreaterThan(0n);
  });

  test("what an operator flattens stays on the owner's line", () => {
    const tape = tapeOf(fake("alpha"));
    tape.ready();
    tape.play("exec t-alpha-1 10 999\nposition A 10 990\noperator flatten");
    tape.play("report t-alpha-2 cancelled");
    const [flatten] = [...tape.state.orders.live(A)];
    expect(flatten?.intent.strategy).toBe("operator");
    tape.play(`exec ${flatten?.clientId} 10 998`);
    expect(tape.state.ledger.lines.names).toEqual(["alpha"]);
    expect(tape.state.ledger.lines.line("alpha").realised).toBe(tape.state.ledger.realised);
  });

  test("a refusal rests only the one that was refused", () => {
    const tape = tapeOf(fake("alpha"), fake("beta"));
    tape.ready();
    tape.play("rejected t-alpha-1\nreport t-beta-2 cancelled");
    tape.play(`wait 1500\n${BOOKS}\nwait 500`);
    expect(placedBy(tape).slice(2)).toEqual(["beta B"]);
    tape.play(`wait 3000\n${BOOKS}\nwait 1000`);
    expect(placedBy(tape)).toContain("alpha A");
    expect(placedBy(tape).filter((line) => line === "alpha A")).toHaveLength(2);
  });
});

describe("what pages are told", () => {
  const last = (tape: Tape) => entriesOf(tape.ticks, "strategies").at(-1)?.strategies ?? [];

  test("each strategy's symbols, positions and results; over all rows the account's", () => {
    const tape = tapeOf(fake("alpha"), fake("beta", { isEnabled: true }));
    tape.ready();
    tape.play("exec t-alpha-1 10 999\nexec t-beta-2 4 999\nticker A 100.4\nticker B 99.5");
    tape.play("exec - 4 1010 sell B\nwait 300");
    expect(last(tape)).toMatchObject([
      { name: "alpha", title: "Fake alpha", symbols: ["A"], openPositions: 1, fillCount: 1 },
      { name: "beta", title: "Fake beta", symbols: ["B"], openPositions: 0, fillCount: 2 },
    ]);
    checkSums(tape);
  });

  test("a position without an owner is protection's, what a stranger closed nobody's", () => {
    const tape = tapeOf(fake("alpha", { isEnabled: false }));
    tape.play("instruments\nfeed market up\nticker A 101\nbook A 1000x9 1001x9\nfeed private up");
    tape.play("snapshot position:A:50:992\nwait 300");
    expect(last(tape)).toMatchObject([{ name: "protect", openPositions: 1 }]);
    tape.play("exec - 20 1010 sell A\nwait 300");
    expect(last(tape).map(({ name, fillCount }) => [name, fillCount])).toEqual([
      ["", 1],
      ["protect", 0],
    ]);
    checkSums(tape);
  });

  function checkSums(tape: Tape): void {
    const account = lastAccount(tape.ticks);
    for (const column of ["realisedText", "feesText", "fundingText", "unrealisedText"] as const) {
      const sum = last(tape).reduce((total, row) => total + (parseFixed(row[column]) ?? 0n), 0n);
      expect(fixedToText(sum), column).toBe(account?.[column] ?? "");
    }
    expect(last(tape).reduce((total, row) => total + row.fillCount, 0)).toBe(
      account?.fillCount ?? -1,
    );
  }
});

describe("a tenant's own style", () => {
  test("several entries a side go out together, in its order", () => {
    const ladder = fake("alpha", {
      execution: {
        requoteBps: 1,
        placePauseMs: 1_000,
        rejectPauseMs: 5_000,
        exitRetryMs: 500,
        entriesPerSide: 2,
        stopDistanceBps: 80,
      },
      targets: (view) => (view.mayEnter ? [bid(view, 1), bid(view, 5)] : []),
    });
    const tape = tapeOf(ladder);
    tape.ready();
    expect(placedBy(tape)).toEqual(["alpha A", "alpha A", "alpha B", "alpha B"]);
    const prices = [...tape.state.orders.live(A)].map(({ intent }) => intent.priceTicks as number);
    expect(prices).toEqual([999, 995]);
  });

  test("its timer asks it about its symbols, also when no frame comes", () => {
    let asked = 0;
    const timed = fake("alpha", {
      timers: [{ name: "tick", everyMs: 200 }],
      targets: () => {
        asked++;
        return [];
      },
    });
    const tape = tapeOf(timed);
    tape.ready();
    asked = 0;
    tape.play("wait 900");
    expect(asked).toBeGreaterThanOrEqual(8);
  });

  test("the bars that it asked for are kept, and no others", () => {
    let seen: unknown[] = [];
    const barred = fake("alpha", {
      bars: [{ span: "1m", count: 3 }],
      targets: ({ bars, instrument: { id } }) => {
        seen = [bars.closed("1m", id)?.toArray(), bars.closed("5m", id)];
        return [];
      },
    });
    const tape = tapeOf(barred);
    tape.ready();
    expect(tape.state.bars.spans).toEqual(["1m"]);
    expect(seen).toEqual([[], null]);
  });

  test("it may not speak as the operator or put a stop by itself", () => {
    const forged = fake("alpha", {
      targets: (view) => [{ ...bid(view, 1), purpose: "flatten", reduceOnly: true }],
    });
    expect(() => tapeOf(forged).ready()).toThrow("a strategy enters and exits, nothing else");
  });
});

describe("a symbol that changes hands", () => {
  test("is left first: the owner's quotes go, then the other one's come", () => {
    let wants = 1;
    const tape = tapeOf(
      fake("alpha", { interest: ({ instrument }) => (instrument.id === A ? wants : 0) }),
      fake("beta", { interest: ({ instrument }) => (instrument.id === A ? 1 : 0) }),
    );
    tape.ready();
    tape.play("report t-alpha-1 new");
    expect(placedBy(tape)).toEqual(["alpha A"]);
    wants = 0;
    expect(tape.play(`${BOOKS}\nwait 1000`)).toEqual(["cancel t-alpha-1"]);
    expect(tape.state.tenancy.ownerOf(A)?.name).toBe("alpha");
    tape.play(`report t-alpha-1 cancelled\n${BOOKS}\nwait 1100`);
    expect(tape.state.tenancy.ownerOf(A)?.name).toBe("beta");
    expect(placedBy(tape)).toEqual(["alpha A", "beta A"]);
  });

  test("not while a position is there", () => {
    let wants = 1;
    const tape = tapeOf(fake("alpha", { interest: () => wants }), fake("beta"));
    tape.ready();
    tape.play("exec t-alpha-1 10 999\nposition A 10 990");
    wants = 0;
    tape.play(`wait 3000\n${BOOKS}\nwait 3000`);
    expect(tape.state.tenancy.ownerOf(A)?.name).toBe("alpha");
    expect(tape.state.tenancy.ownership.mayEnter(A)).toBe(false);
    tape.play("exec - 10 1000 sell A\nposition A 0\nwait 1000");
    expect(tape.state.tenancy.ownerOf(A)?.name).toBe("beta");
  });

  test("an order of the former owner that comes back to life is taken away", () => {
    let wants = 1;
    const tape = tapeOf(
      fake("alpha", { interest: ({ instrument }) => (instrument.id === A ? wants : 0) }),
      fake("beta", { interest: ({ instrument }) => (instrument.id === A ? 1 : 0) }),
    );
    tape.ready();
    tape.play("rejected t-alpha-1");
    wants = 0;
    tape.play(`wait 1500\n${BOOKS}\nwait 1000`);
    expect(tape.state.tenancy.ownerOf(A)?.name).toBe("beta");
    expect(tape.play("report t-alpha-1 new")).toContain("cancel t-alpha-1");
    expect(tape.state.tenancy.ownerOf(B)).toBeNull();
  });
});

describe("no strategy at all", () => {
  test("nothing is entered, and the engine runs", () => {
    const tape = tapeOf(fake("alpha", { isEnabled: false }));
    tape.ready();
    tape.play(`${BOOKS}\nwait 5000`);
    expect(placedBy(tape)).toEqual([]);
  });
});
