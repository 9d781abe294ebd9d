/** The filter language: what is understood, what is refused and how, and what it means. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FILTER_CHARS_MAX, filterText, parseFilter } from "../../../src/blotter/filter.ts";
import {
  COMPARISONS,
  FIELDS,
  namesOf,
  TABS,
  type Tab,
  type Term,
} from "../../../src/blotter/filter-terms.ts";
import { type Facts, matches } from "../../../src/blotter/row-match.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { given } from "../../support/given.ts";

const NOW_MS = Date.UTC(2026, 10, 21, 13, 30, 0);
const base = (tab: Tab, timeZone = "UTC") => ({ tab, nowMs: NOW_MS, timeZone });

function termsOf(text: string, tab: Tab = "fills", timeZone = "UTC"): readonly Term[] {
  const parsed = parseFilter(text, base(tab, timeZone));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value.terms;
}

function problemOf(text: string, tab: Tab = "fills") {
  const parsed = parseFilter(text, base(tab));
  return parsed.ok ? null : parsed.problem;
}

const FACTS: Facts = {
  symbol: "ENAUSDT",
  side: "buy",
  strategy: "maker",
  atMs: NOW_MS - 60_000,
  reason: "entry edge 9.8 bps, imbalance 0.40",
  ids: ["run-maker-1f", "9f2c7d10"],
  run: "m3k9a2",
  purpose: "entry",
  kind: "trade",
  maker: "yes",
  states: ["closed", "filled"],
  net: given(parseFixed("-0.01")),
  fee: given(parseFixed("0.02")),
  value: given(parseFixed("100")),
  size: given(parseFixed("12.5")),
};

const isFound = (text: string, change: Partial<Facts> = {}, tab: Tab = "fills") =>
  matches(termsOf(text, tab), { ...FACTS, ...change });

describe("what is found", () => {
  test.each([
    ["", true],
    ["sym:ENA", true],
    ["sym:ena", true],
    ["symbol:NA", true],
    ["sym:ENAUSDT", true],
    ["sym:NAUSDT", false],
    ["-sym:ENA", false],
    ["sym:BTC,ENA", true],
    ["-sym:BTC,ETH", true],
    ["side:buy", true],
    ["side:SELL", false],
    ["maker:yes", true],
    ["-maker:yes", false],
    ["kind:funding,trade", true],
    ["net:<0", true],
    ["net:-0.01", true],
    ["net:>=-0.01", true],
    ["net:>-0.01", false],
    ["-net:<0", false],
    ["bps:-1", true],
    ["bps:<-1", false],
    ["bps:<=-1", true],
    ["fee:>0.02", false],
    ["fee:>=0.020", true],
    ["value:=100", true],
    ["size:>12.499999999999999999", true],
    ["strategy:maker", true],
    ["purpose:exit", false],
    ['reason:"9.8 bps"', true],
    ["reason:stop", false],
    ["order:1f", true],
    ["run:M3K9A2", true],
    ["from:-1h", true],
    ["from:-10s", false],
    ["to:-1h", false],
    ["from:13:29 to:13:30", true],
    ["from:13:29:30", false],
    ["from:today", true],
    ["to:yesterday", false],
    ["from:2026-11-21 to:2026-11-21", true],
    ["to:2026-11-20", false],
    ["from:2026-11-21T13:29:00Z", true],
    ["imbalance", true],
    ["-imbalance", false],
    ['"edge 9.8"', true],
    ["ena maker 9f2c", true],
    ["nothing-like-it", false],
  ] as const)("%s: %p", (text, found) => {
    expect(isFound(text)).toBe(found);
  });

  test("a quantity or an amount that a row does not have is found by no comparison", () => {
    const { net: _net, ...rest } = FACTS;
    for (const text of ["net:<0", "-net:<0", "bps:>0", "net:0"]) {
      expect(matches(termsOf(text), rest)).toBe(false);
    }
    expect(isFound("bps:>-5", { value: 0n })).toBe(false);
  });

  test("an order is found by its state and by what it came to", () => {
    for (const text of ["state:closed", "state:filled", "state:cancelled,filled"]) {
      expect(isFound(text, {}, "orders")).toBe(true);
    }
    expect(isFound("state:live", {}, "orders")).toBe(false);
  });

  test("clock times and days are those of the desk's zone", () => {
    const [from] = termsOf("from:13:05", "fills", "America/New_York");
    // 13:30 UTC is 08:30 in New York: 13:05 of that day is still to come.
    expect(from).toMatchObject({ atMs: Date.UTC(2026, 10, 21, 18, 5) });
    const [day] = termsOf("from:2026-07-01", "fills", "Europe/Berlin");
    expect(day).toMatchObject({ atMs: Date.UTC(2026, 5, 30, 22) });
    const [end] = termsOf("to:2026-10-25", "fills", "Europe/Berlin");
    expect(end).toMatchObject({ atMs: Date.UTC(2026, 9, 25, 23) });
    const [utc] = termsOf("from:2026-07-01T12:00Z", "fills", "Europe/Berlin");
    expect(utc).toMatchObject({ atMs: Date.UTC(2026, 6, 1, 12) });
  });
});

describe("what is refused", () => {
  test.each([
    ["symb:ENA", "symb:ENA", 'no property "symb"'],
    ["sym:ENA side:long", "side:long", "side: takes buy or sell"],
    ["sym:", "sym:", "found nothing"],
    ["sym:EN'A", "sym:EN'A", "a part of a symbol"],
    ["net:cheap", "net:cheap", "an amount in USDT"],
    ["net:<", "net:<", "an amount in USDT"],
    ["net:1e5", "net:1e5", "an amount in USDT"],
    ["net:0.0000000000000000001", "net:0.0000000000000000001", "an amount in USDT"],
    ["maker:perhaps", "maker:perhaps", "yes or no"],
    ["from:yestrday", "from:yestrday", "a time"],
    ["from:25:00", "from:25:00", "a time"],
    ["from:2026-02-30", "from:2026-02-30", "a time"],
    ["-from:-1h", "-from:-1h", "cannot be turned round"],
    ["gate:book_stale", "gate:book_stale", "means nothing on this list"],
    ["-", "-", "says nothing"],
    ['""', '""', "says nothing"],
    ["constructor:x", "constructor:x", "no property"],
  ])("%s names %s and says what is allowed", (text, term, message) => {
    const problem = given(problemOf(text));
    expect(problem.term).toBe(term);
    expect(problem.message).toContain(message);
    expect(problem.wanted).not.toBe("");
  });

  test("a text or a number of terms that no person writes", () => {
    expect(problemOf("a".repeat(FILTER_CHARS_MAX + 1))?.message).toContain("at most 400");
    expect(problemOf("ab ".repeat(30))?.message).toContain("at most 24 terms");
  });

  test("a property of another list is named with those of this one", () => {
    expect(problemOf("maker:yes", "orders")?.message).toContain("state");
    expect(problemOf("maker:yes", "orders")?.message).not.toContain(", gate");
  });
});

// ------------------------------------------------------------------------------- properties

const word = fc.stringMatching(/^[a-z0-9][a-z0-9._]{0,11}$/);
const amountText = fc
  .tuple(fc.boolean(), fc.nat(1_000_000), fc.stringMatching(/^\d{0,18}$/))
  .map(([minus, whole, part]) => `${minus ? "-" : ""}${whole}${part === "" ? "" : `.${part}`}`);

/** A term of every kind that a list takes, from the same table as the parser's. */
function termOf(tab: Tab): fc.Arbitrary<Term> {
  const free = fc.record({ kind: fc.constant("word" as const), isNot: fc.boolean(), value: word });
  return fc.oneof(...namesOf(tab).map(namedTerm), free);
}

function namedTerm(name: string): fc.Arbitrary<Term> {
  const spec = given(FIELDS[name]);
  switch (spec.kind) {
    case "choice": {
      const one = spec.values === undefined ? word : fc.constantFrom(...spec.values);
      return fc.record({
        kind: fc.constant("choice" as const),
        field: fc.constant(spec.field),
        isNot: fc.boolean(),
        values: fc.array(one, { minLength: 1, maxLength: 3 }),
      });
    }
    case "text": {
      const one =
        spec.field === "symbol"
          ? fc.stringMatching(/^[A-Z0-9]{1,12}$/)
          : fc.stringMatching(/^[a-z0-9'%;=(][a-z0-9 '%;=()_-]{0,10}[a-z0-9]$/);
      return fc.record({
        kind: fc.constant("text" as const),
        field: fc.constant(spec.field),
        isNot: fc.boolean(),
        values: fc.array(one, { minLength: 1, maxLength: 3 }),
      });
    }
    case "amount":
      return fc
        .record({ isNot: fc.boolean(), op: fc.constantFrom(...COMPARISONS), text: amountText })
        .map((rest) => ({
          kind: "amount" as const,
          field: spec.field,
          amount: given(parseFixed(rest.text)),
          ...rest,
        }));
    case "time":
      return fc.integer({ min: 0, max: NOW_MS }).map((atMs) => ({
        kind: "time" as const,
        field: spec.field,
        atMs,
        text: new Date(atMs).toISOString(),
      }));
  }
}

describe("whatever is written", () => {
  test.each(TABS.map((tab) => [tab]))("%s: terms written and read again are the same", (tab) => {
    fc.assert(
      fc.property(fc.array(termOf(tab), { maxLength: 6 }), (terms) => {
        const text = filterText(terms);
        fc.pre(text.length <= FILTER_CHARS_MAX);
        const read = termsOf(text, tab).map((term) =>
          term.kind === "time" ? { ...term, text: new Date(term.atMs).toISOString() } : term,
        );
        expect(read).toEqual([...terms]);
      }),
      { numRuns: 300 },
    );
  });

  test("any text is understood or refused with a term of it, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.constantFrom(...TABS), (text, tab) => {
        const parsed = parseFilter(text, base(tab));
        if (parsed.ok) matches(parsed.value.terms, FACTS);
        else expect(text).toContain(parsed.problem.term);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a term and its negation share every row that can be judged", () => {
    fc.assert(
      fc.property(termOf("fills"), (term) => {
        if (term.kind === "time") return;
        const turned = { ...term, isNot: !term.isNot };
        expect(matches([term], FACTS)).not.toBe(matches([turned], FACTS));
      }),
      { numRuns: 500 },
    );
  });
});
