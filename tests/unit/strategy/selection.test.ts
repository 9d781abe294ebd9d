/** Parameters as data, and which strategies a run trades. */
import { describe, expect, test } from "bun:test";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { maker } from "../../../src/strategy/maker.ts";
import { STRATEGIES } from "../../../src/strategy/registry.ts";
import { selectStrategies } from "../../../src/strategy/selection.ts";
import {
  defaultsOf,
  type ParameterSpec,
  withinLimits,
} from "../../../src/strategy/strategy-parameters.ts";

const NOTHING = { names: "", parameters: "" };
const select = (texts: Partial<typeof NOTHING>) =>
  selectStrategies([maker], { ...NOTHING, ...texts }, "real");

describe("the registry", () => {
  for (const spec of STRATEGIES) {
    test(`${spec.name}: every default is within its bounds and has a reason`, () => {
      for (const [name, terms] of Object.entries<ParameterSpec>(spec.parameters)) {
        const values = [terms.default, terms.simulator ?? terms.default];
        for (const value of values) {
          expect(value, name).toBeGreaterThanOrEqual(terms.min);
          expect(value, name).toBeLessThanOrEqual(terms.max);
        }
        expect(terms.reason.length, name).toBeGreaterThan(10);
      }
    });
  }

  test("real money is traded by the maker alone unless somebody says otherwise", () => {
    const enabled = (money: "real" | "simulated") =>
      selectStrategies(STRATEGIES, NOTHING, money)
        .setups.filter(({ isEnabled }) => isEnabled)
        .map(({ spec }) => spec.name);
    expect(enabled("real")).toEqual(["maker"]);
    expect(enabled("simulated")).toEqual(STRATEGIES.map(({ name }) => name));
  });
});

describe("values", () => {
  test("the simulator has its own where one is declared", () => {
    expect(defaultsOf(maker.parameters, "real").quoteNotionalUsdt).toBe(100);
    expect(defaultsOf(maker.parameters, "simulated").quoteNotionalUsdt).toBe(60);
    expect(defaultsOf(maker.parameters, "simulated").takeProfitBps).toBe(5);
  });

  test("sizes follow the risk limits down", () => {
    const limits = { ...DEFAULT_LIMITS, orderNotionalUsdtMax: 30, symbolExposureUsdtMax: 50 };
    const values = withinLimits(maker.parameters, defaultsOf(maker.parameters, "real"), limits);
    expect(values).toMatchObject({ quoteNotionalUsdt: 30, inventoryNotionalUsdtMax: 50 });
  });

  test("one that is missing or out of bounds is a bug by then", () => {
    const values = defaultsOf(maker.parameters, "real");
    const { requoteBps: _, ...incomplete } = values;
    expect(() => withinLimits(maker.parameters, incomplete, DEFAULT_LIMITS)).toThrow("requoteBps");
    const wild = { ...values, requoteBps: -1 };
    expect(() => withinLimits(maker.parameters, wild, DEFAULT_LIMITS)).toThrow("its bounds");
  });
});

describe("the selection", () => {
  test("nothing said is the registry's choice", () => {
    expect(select({})).toMatchObject({ setups: [{ isEnabled: true }], problems: [] });
  });

  test("none is none, and what is not named is off", () => {
    expect(select({ names: "none" }).setups).toMatchObject([{ isEnabled: false }]);
    expect(select({ names: " maker , " }).setups).toMatchObject([{ isEnabled: true }]);
  });

  test("numbers are overridden by name", () => {
    const { setups, problems } = select({
      parameters: "maker.quoteNotionalUsdt=50, maker.holdingMsMax = 20000",
    });
    expect(problems).toEqual([]);
    expect(setups[0]?.values).toMatchObject({
      quoteNotionalUsdt: 50,
      holdingMsMax: 20_000,
      takeProfitBps: 5,
    });
  });

  test("all problems are told at once, each with what would be right", () => {
    const { problems } = select({
      names: "maker,market",
      parameters: "maker.quoteNotionalUsdt=0,maker.size=1,momentum=1,maker.exitAgedMs=1.5,x.y=2",
    });
    expect(problems.map(({ text, found, accepts }) => [text, found, accepts.slice(0, 45)])).toEqual(
      [
        ["names", '"market"', "names of strategies, which are maker, or none"],
        [
          "parameters",
          '"maker.quoteNotionalUsdt=0"',
          "a number of USDT from 1 to 1000000: value of ",
        ],
        ["parameters", '"maker.size=1"', "a parameter of maker, which are quoteNotional"],
        ["parameters", '"momentum=1"', "strategy.parameter=number, where the strategy"],
        ["parameters", '"maker.exitAgedMs=1.5"', "a whole number of ms from 0 to 3600000: after"],
        ["parameters", '"x.y=2"', "strategy.parameter=number, where the strategy"],
      ],
    );
  });

  test.each([
    "maker.toString=1",
    "maker.constructor=1",
    "maker.requoteBps=",
    "maker.requoteBps=NaN",
  ])("%p is no override", (parameters) => expect(select({ parameters }).problems).toHaveLength(1));
});
