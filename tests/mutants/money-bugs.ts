/** Bugs in the ledger and in the record of it. */
import { type Bugs, ENGINE_TESTS } from "./mutant.ts";

const LEDGER = ["tests/unit/portfolio", "tests/unit/domain/cost.test.ts"];
const RECORD = ["tests/unit/record/writer.test.ts", "tests/unit/record"];

export const MONEY_BUGS: readonly Bugs[] = [
  {
    file: "src/pnl/money-lines.ts",
    tests: ["tests/unit/pnl"],
    bugs: [
      {
        find: "makerFees: fill.isMaker ? -fill.fee : 0n,",
        replace: "makerFees: 0n,",
        means: "the bridge forgets what makers pay",
      },
      {
        find: "moved: isKnown ? fill.realisedPnl - spread : 0n,",
        replace: "moved: isKnown ? fill.realisedPnl : 0n,",
        means: "the spread is counted twice",
      },
    ],
  },
  {
    file: "src/portfolio/ledger.ts",
    tests: [...LEDGER, ...ENGINE_TESTS],
    bugs: [
      {
        find: "const inAdoptedSize = report.venueAtMs <= position.adoptedVenueAtMs;",
        replace: "const inAdoptedSize = false;",
        means: "what is inside a size taken over moves it again",
      },
      {
        find: "const fees = report.fee - funding;",
        replace: "const fees = report.fee;",
        means: "funding is counted twice",
      },
      {
        find: "position.fees += fees;",
        replace: "",
        means: "a position forgets its fees",
      },
      {
        find: "position.funding += funding;",
        replace: "",
        means: "a position forgets its funding",
      },
      {
        find: "return this.realised - this.fees - this.funding;",
        replace: "return this.realised - this.fees;",
        means: "funding is not part of the result",
      },
      {
        find: "position.adoptedVenueAtMs = Math.max(position.adoptedVenueAtMs, report.venueAtMs);",
        replace: "",
        means: "late executions move a size that holds them already",
      },
      {
        find: "if (marked === null || marked.mark === 0n) continue;",
        replace: "if (marked === null) continue;",
        means: "an unknown mark price counts as zero",
      },
    ],
  },
  {
    file: "src/portfolio/position.ts",
    tests: [...LEDGER, ...ENGINE_TESTS],
    bugs: [
      {
        find: "if (isNew) position.openedAtMs = fill.atMs;",
        replace: "",
        means: "a position has no age",
      },
      {
        find: "const isNew = openedSteps > 0 && Math.abs(position.steps) === openedSteps;",
        replace: "const isNew = openedSteps > 0;",
        means: "each fill makes a position young again",
      },
      {
        find: "position.lastFillAtMs = fill.atMs;",
        replace: "",
        means: "a fill on its way looks like a difference",
      },
      {
        find: "if (position.steps === 0 || Math.sign(position.steps) !== Math.sign(truth.steps)) {",
        replace: "if (true) {",
        means: "a size taken over makes a position young again",
      },
    ],
  },
  {
    file: "src/portfolio/seen.ts",
    tests: LEDGER,
    bugs: [
      {
        find: "if (this.ids.has(id)) return false;",
        replace: "",
        means: "an execution counts twice",
      },
    ],
  },
  {
    file: "src/domain/cost.ts",
    tests: LEDGER,
    bugs: [
      {
        find: "const share = (part.cost * BigInt(closedSteps)) / BigInt(held);",
        replace: "const share = part.cost;",
        means: "a partial close takes the whole cost",
      },
      {
        find: "const closedSteps = before * sign < 0 ? minSteps(held, trade.qtySteps) : ZERO_STEPS;",
        replace: "const closedSteps = before * sign < 0 ? trade.qtySteps : ZERO_STEPS;",
        means: "a flip closes more than is held",
      },
      {
        find: "return (BigInt(steps) * BigInt(qty.unitMantissa) * price) / 10n ** BigInt(qty.decimals);",
        replace: "return (BigInt(steps) * price) / 10n ** BigInt(qty.decimals);",
        means: "positions of contracts with a step of 5 are valued wrong",
      },
    ],
  },
  {
    file: "src/record/batch.ts",
    tests: RECORD,
    bugs: [
      {
        find: "if (isDiskRefusal(error)) return this.failed(error);",
        replace: "if (isDiskRefusal(error)) return true;",
        means: "a full disk counts as written",
      },
      {
        find: "for (const table of this.tables) table.clear();",
        replace: "",
        means: "rows are written again and again",
      },
      {
        find: "this.lost += refused.length;",
        replace: "",
        means: "lost rows are not counted",
      },
      {
        find: "if (!this.flush()) this.lost += this.pending;",
        replace: "",
        means: "what gathered last is not written when the program ends",
      },
      {
        find: "if (isKnown || this.pending < HELD_MAX) rows.set(key ?? this.serial++, row);",
        replace: "rows.set(key ?? this.serial++, row);",
        means: "held rows without limit",
      },
    ],
  },
  {
    file: "src/record/book-rows.ts",
    tests: [...RECORD, "tests/unit/app", ...ENGINE_TESTS],
    bugs: [
      {
        find: "net += moneyOf(row.realised) - moneyOf(row.fee) - moneyOf(row.funding);",
        replace: "net += moneyOf(row.realised) - moneyOf(row.fee);",
        means: "the day forgets its funding at a restart",
      },
    ],
  },
  {
    file: "src/record/record-rows.ts",
    tests: RECORD,
    bugs: [
      {
        find: "funding: fixedToText(fill.funding),",
        replace: "funding: fixedToText(fill.fee),",
        means: "funding is recorded as the fee",
      },
      {
        find: "realisedPnl: fixedToText(fill.realisedPnl),",
        replace: `realisedPnl: "0",`,
        means: "the record knows no profit",
      },
    ],
  },
];
