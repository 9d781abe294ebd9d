/** Units keep apart what looks alike, at compile time and where they are computed. */
import { expect, test } from "bun:test";
import {
  absSteps,
  addSteps,
  asClientOrderId,
  asSteps,
  asTicks,
  type ClientOrderId,
  minSteps,
  type Price,
  type QtySteps,
  type Rate,
  subSteps,
  type Usdt,
  type VenueOrderId,
  wholeSteps,
  wholeTicks,
} from "../../../src/domain/units.ts";
import { AssertionFailure } from "../../../src/kernel/assert.ts";

test("steps add, subtract, compare and lose their sign as steps", () => {
  const [two, five] = [wholeSteps(2), wholeSteps(5)];
  const sums: QtySteps[] = [addSteps(two, five), subSteps(five, two), minSteps(five, two)];
  expect(sums).toEqual([asSteps(7), asSteps(3), two]);
  expect([absSteps(-5), absSteps(5), absSteps(0)]).toEqual([five, five, asSteps(0)]);
});

test("more than is there cannot be taken", () => {
  expect(() => subSteps(wholeSteps(2), wholeSteps(3))).toThrow(AssertionFailure);
  expect(() => subSteps(wholeSteps(2), asSteps(Number.NaN))).toThrow(AssertionFailure);
});

test.each([0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
  "%p is neither whole ticks nor whole steps",
  (value) => {
    expect(() => wholeTicks(value)).toThrow("whole ticks");
    expect(() => wholeSteps(value)).toThrow("whole steps");
  },
);

test("what looks alike does not fit the other's place", () => {
  const money: Usdt = 10n ** 18n;
  const price: Price = 5n * 10n ** 18n;
  const client: ClientOrderId = asClientOrderId("run-maker-1");
  // @ts-expect-error a price is not money
  const wrongMoney: Usdt = price;
  // @ts-expect-error money is not a rate
  const wrongRate: Rate = money;
  // @ts-expect-error our id is not the venue's
  const wrongId: VenueOrderId = client;
  // @ts-expect-error ticks are not steps
  const wrongSteps: QtySteps = asTicks(1);
  // What arithmetic gives fits where its result is kept.
  const doubled: Usdt = money + money;
  expect([wrongMoney, wrongRate, doubled]).toEqual([price, money, 2n * money]);
  expect([wrongId as string, wrongSteps as number]).toEqual(["run-maker-1", 1]);
});
