/** Bugs in gates, limits, protection, orders and plans. */
import { type Bugs, ENGINE_TESTS } from "./mutant.ts";

const RISK = ["tests/unit/risk/gates.test.ts", "tests/unit/risk/protection.test.ts"];
const ORDERS = [
  "tests/unit/orders/table.test.ts",
  "tests/unit/orders/plan.test.ts",
  ...ENGINE_TESTS,
];

export const TRADING_BUGS: readonly Bugs[] = [
  {
    file: "src/risk/gates.ts",
    tests: RISK,
    bugs: [
      {
        find: `reason === null ? null : { code: "HALTED", reason };`,
        replace: "null;",
        means: "entries while halted",
      },
      {
        find: `missing === "" ? null : { code: "NOT_READY", missing };`,
        replace: "null;",
        means: "entries while something is missing",
      },
      {
        find: `status === "trading" ? null : { code: "SYMBOL_NOT_TRADING", status };`,
        replace: "null;",
        means: "entries in a contract that is delivered",
      },
      {
        find: "return ageMs <= ageMsMax ? null : {",
        replace: "return ageMs <= 2 * ageMsMax ? null : {",
        means: "a stale book counts as a price",
      },
      {
        find: `count === 0 ? null : { code: "UNKNOWN_OUTCOME_PENDING", count };`,
        replace: `count <= 1 ? null : { code: "UNKNOWN_OUTCOME_PENDING", count };`,
        means: "one order of unknown fate does not hold entries back",
      },
      {
        find: "if (qtySteps < qtyStepsMin) return",
        replace: "if (qtySteps <= qtyStepsMin) return",
        means: "the smallest order is refused",
      },
      {
        find: `const qtyStepsMax = type === "market" ? marketQtyStepsMax : limitQtyStepsMax;`,
        replace: "const qtyStepsMax = limitQtyStepsMax;",
        means: "market orders above their own limit",
      },
      {
        find: "if (notionalUsdt < minUsdt) return",
        replace: "if (notionalUsdt < 0) return",
        means: "orders that the venue refuses as too small",
      },
      {
        find: "if (notionalUsdt <= maxUsdt) return null;",
        replace: "return null;",
        means: "the limit of one order is not applied",
      },
      {
        find: 'return distanceBps <= bandBps ? null : { code: "PRICE_OUTSIDE_BAND"',
        replace: 'return distanceBps <= 10 * bandBps ? null : { code: "PRICE_OUTSIDE_BAND"',
        means: "a price of another world passes",
      },
      {
        find: 'return distanceBps <= bandBps ? null : { code: "MARK_OUTSIDE_BAND"',
        replace: 'return distanceBps >= 0 ? null : { code: "MARK_OUTSIDE_BAND"',
        means: "a book that left the mark price is quoted on",
      },
      {
        find: `side === "buy" ? priceTicks >= book.bestAskTicks : priceTicks <= book.bestBidTicks;`,
        replace: `side === "buy" ? priceTicks > book.bestAskTicks : priceTicks < book.bestBidTicks;`,
        means: "a post-only order at the other side's price",
      },
      {
        find: `const protects = side === "buy" ? stopLossTicks < reference : stopLossTicks > reference;`,
        replace: "const protects = stopLossTicks !== reference;",
        means: "a stop on the winning side counts as one",
      },
      {
        find: "const exposureUsdt = context.symbolExposureUsdt + worthUsdtOf(intent, context);",
        replace: "const exposureUsdt = context.symbolExposureUsdt;",
        means: "an order does not count against its symbol's limit",
      },
      {
        find: "const exposureUsdt = context.totalExposureUsdt + worthUsdtOf(intent, context);",
        replace: "const exposureUsdt = context.totalExposureUsdt;",
        means: "an order does not count against the limit over all",
      },
      {
        find: "const closes = Math.sign(positionSteps) === -signOf(side);",
        replace: "const closes = true;",
        means: "a reducing order on the side that adds",
      },
      {
        find: "const fits = held > 0 && qtySteps < held + instrument.qtyLotSteps;",
        replace: "const fits = true;",
        means: "a reducing order beyond the position",
      },
      {
        find: 'mayHold[side === "buy" ? "sell" : "buy"];',
        replace: "mayHold[side];",
        means: "what a lost sell may have opened is closed by selling",
      },
      {
        find: `const far = intent.side === "buy" ? book.bestAskTicks : book.bestBidTicks;`,
        replace: `const far = intent.side === "buy" ? book.bestBidTicks : book.bestAskTicks;`,
        means: "a market order is valued at the near price",
      },
    ],
  },
  {
    file: "src/risk/protection.ts",
    tests: [...RISK, ...ENGINE_TESTS],
    bugs: [
      {
        find: `const ticks = side === "buy" ? priceTicks - distanceTicks : priceTicks + distanceTicks;`,
        replace: `const ticks = side === "buy" ? priceTicks + distanceTicks : priceTicks - distanceTicks;`,
        means: "stops on the winning side",
      },
      {
        find: `const worse = side === "buy" ? Math.min : Math.max;`,
        replace: `const worse = side === "buy" ? Math.max : Math.min;`,
        means: "a stop beyond the market, which fires at once",
      },
      {
        find: "if (!isOwned && ageMs >= ownerlessHoldMsMax)",
        replace: "if (isOwned && ageMs >= ownerlessHoldMsMax)",
        means: "a position that nobody owns is kept for ever",
      },
      {
        find: "return ageMs >= holdMsMax ?",
        replace: "return ageMs < 0 ?",
        means: "no position is ever too old",
      },
      {
        find: `side: held.positionSteps > 0 ? "sell" : "buy",`,
        replace: `side: held.positionSteps > 0 ? "buy" : "sell",`,
        means: "a close at market that adds",
      },
      {
        find: "qtySteps: wholeSteps(Math.min(steps, held.instrument.marketQtyStepsMax)),",
        replace: "qtySteps: wholeSteps(steps),",
        means: "a close larger than the venue takes",
      },
    ],
  },
  {
    file: "src/risk/rate.ts",
    tests: [...RISK, ...ENGINE_TESTS],
    bugs: [
      {
        find: "for (const time of this.times) if (time > atMs - this.windowMs) count++;",
        replace: "for (const time of this.times) if (time > atMs) count++;",
        means: "the window of the rate is empty",
      },
      {
        find: "this.next = (this.next + 1) % this.times.length;",
        replace: "",
        means: "only the last order counts",
      },
    ],
  },
  {
    file: "src/orders/plan.ts",
    tests: ORDERS,
    bugs: [
      {
        find: "if (answered.has(target)) continue;",
        replace: "",
        means: "a target that is met is placed again where there is room",
      },
      {
        find: "if (taken + placed < placesOf(target, rules)) place.push(target);",
        replace: "place.push(target);",
        means: "an order whose fate is open does not hold its place",
      },
      {
        find: "if (target.strategy !== intent.strategy) return false;",
        replace: "",
        means: "a former owner's order is kept under the wrong name",
      },
      {
        find: "if (target.timeInForce !== intent.timeInForce || target.type !== intent.type) return false;",
        replace: "",
        means: "a resting exit is kept where a market order is wanted",
      },
      {
        find: "if (rules.atMs - row.termsAtMs < rules.restMs) return true;",
        replace: "",
        means: "quotes are moved with each frame",
      },
      {
        find: "if (isExit && intent.qtySteps - row.filledSteps !== target.qtySteps) return false;",
        replace: "",
        means: "an exit of the wrong size is kept",
      },
      {
        find: "return (Math.abs(held - wanted) / wanted) * 10_000 < requoteBps;",
        replace: "return true;",
        means: "a quote never follows the market",
      },
      {
        find: "return rules.keepsExits && isExit && !isSurplus;",
        replace: "return false;",
        means: "exits are taken back when the book is not usable",
      },
    ],
  },
  {
    file: "src/orders/table.ts",
    tests: ORDERS,
    bugs: [
      {
        find: 'if (!canMove(row.state, "cancelling")) return false;',
        replace: "",
        means: "a finished order is cancelled",
      },
      {
        find: `this.move(row, row.venueOrderId === null ? "unknown" : "open", {`,
        replace: `this.move(row, "open", {`,
        means: "an order that may not exist is taken for resting",
      },
      {
        find: `if (row.state === "closed" || row.state === "failed") return;`,
        replace: "",
        means: "old news opens a finished order",
      },
      {
        find: `if (atMs - row.createdAtMs < NEVER_HEARD_FINAL_MS) return "ask";`,
        replace: "",
        means: "an order that overtakes its own question is forgotten",
      },
      {
        find: `if (row.state === "rejected" && row.filledSteps > 0) {`,
        replace: "if (false) {",
        means: "an order that filled after it was given up is not live again",
      },
      {
        find: "if (row.filledSteps >= row.intent.qtySteps && isLive(row.state)) {",
        replace: "if (row.filledSteps > row.intent.qtySteps && isLive(row.state)) {",
        means: "a filled order holds its place until its report",
      },
      {
        find: "row.executedSteps = addSteps(row.executedSteps, qtySteps);",
        replace: "row.executedSteps = qtySteps;",
        means: "only the last execution of an order counts",
      },
      {
        find: "if (overSteps <= row.overfillSteps) return 0;",
        replace: "if (overSteps <= 0) return 0;",
        means: "one overfill has the account compared again and again",
      },
      {
        find: "if (!isOld && this.finished.length - dropped <= FINISHED_MAX) break;",
        replace: "if (!isOld) break;",
        means: "finished orders without limit",
      },
      {
        find: "if (isLive(row.state)) continue;\n      this.rows.delete(row.clientId);",
        replace: "this.rows.delete(row.clientId);",
        means: "a live order is forgotten because it was finished once",
      },
      {
        find: "if (wasLive && !isLive(to)) this.delist(row);",
        replace: "",
        means: "finished orders hold their places for ever",
      },
    ],
  },
  {
    file: "src/orders/provenance.ts",
    tests: ["tests/unit/orders/provenance.test.ts", ...ENGINE_TESTS],
    bugs: [
      {
        find: `if (execution.execKind === "funding") continue;`,
        replace: "",
        means: "funding takes a position from its strategy",
      },
      {
        find: "if (name === null || (owner !== null && name !== owner)) return null;",
        replace: "if (name === null) return null;",
        means: "a position of two is given to one",
      },
    ],
  },
  {
    file: "src/orders/client-id.ts",
    tests: ["tests/unit/orders"],
    bugs: [
      {
        find: "[0-9a-z]+$`);",
        replace: "[0-9a-z]+`);",
        means: "somebody else's id that begins like ours is ours",
      },
    ],
  },
];
