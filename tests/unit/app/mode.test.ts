/** What a venue and a kind of trading mean together, and that nobody else asks. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accountKeyOf, profileKeyOf } from "../../../src/app/account-key.ts";
import { keyProblems, type Mode, modeOf } from "../../../src/app/mode.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { Config } from "../../../src/config/settings.ts";

function configOf(env: Record<string, string>): Config {
  const result = parseConfig({ env, flags: {}, file: null, credentials: {} });
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value.config;
}

const KEYS = { BYBIT_API_KEY: "key", BYBIT_API_SECRET: "secret" };
const ELSEWHERE = {
  SCALPER_BYBIT_REST_URL: "http://10.0.0.1:8091/",
  SCALPER_BYBIT_WS_URL: "ws://10.0.0.1:8091",
};
const modeWith = (env: Record<string, string>): Mode => modeOf(configOf(env));

describe("a mode", () => {
  test.each([
    ["sim", "paper", "SIM"],
    ["sim", "live", "SIM"],
    ["mainnet", "paper", "PAPER"],
    ["mainnet", "live", "LIVE"],
    ["testnet", "paper", "PAPER"],
    ["testnet", "live", "TESTNET"],
    ["demo", "paper", "PAPER"],
    ["demo", "live", "DEMO"],
  ])(
    "%s, %s is called %s; only LIVE moves real money, only SIM trades by itself",
    (venue, trading, label) => {
      const mode = modeWith({ SCALPER_VENUE: venue, SCALPER_TRADING: trading, ...KEYS });
      expect(mode.label).toBe(label as Mode["label"]);
      expect(mode.realMoney).toBe(label === "LIVE");
      expect(mode.autoTrade).toBe(label === "SIM");
      expect(mode.orders).toBe(label === "PAPER" ? "process" : "venue");
    },
  );

  test("the embedded exchange has no address yet, and its account and day begin anew", () => {
    const mode = modeWith({});
    expect(mode).toMatchObject({ endpoints: null, account: "embedded exchange" });
    expect(accountKeyOf(mode, "7")).toBe("sim:7");
    expect(profileKeyOf(mode, "7")).toBe(profileKeyOf(mode, "8"));
  });

  test("a simulator elsewhere keeps its account, and takes its own pair or Bybit's", () => {
    const mode = modeWith({ ...ELSEWHERE, SCALPER_SIM_API_KEY: "a", SCALPER_SIM_API_SECRET: "b" });
    expect(mode.endpoints?.restUrl).toBe("http://10.0.0.1:8091");
    expect(mode).toMatchObject({ account: "venue", place: "sim" });
    expect(mode.keys).toEqual({ apiKey: "a", apiSecret: "b" });
    expect(modeWith({ ...ELSEWHERE, ...KEYS }).keys.apiKey).toBe("key");
  });

  test("paper trading signs nothing, even where keys are set", () => {
    const mode = modeWith({ SCALPER_VENUE: "mainnet", SCALPER_TRADING: "paper", ...KEYS });
    expect(mode.keys).toEqual({ apiKey: "", apiSecret: "" });
    expect(mode).toMatchObject({ account: "process", place: "paper-mainnet" });
  });

  test("demo takes orders by REST only, wherever it is", () => {
    const demo = { SCALPER_VENUE: "demo", SCALPER_TRADING: "live", ...KEYS };
    expect(modeWith(demo).endpoints?.tradeSocket).toBe(false);
    expect(modeWith({ ...demo, ...ELSEWHERE }).endpoints?.tradeSocket).toBe(false);
    expect(modeWith({ ...demo, SCALPER_VENUE: "testnet" }).endpoints?.tradeSocket).toBe(true);
  });

  test("a lost day is 50 USDT where money counts, 2000 on the simulator, or what is set", () => {
    expect(modeWith({}).dailyLossUsdtMax).toBe(2_000);
    expect(modeWith({ SCALPER_VENUE: "mainnet" }).dailyLossUsdtMax).toBe(50);
    expect(modeWith({ SCALPER_DAILY_LOSS_USDT_MAX: "7" }).dailyLossUsdtMax).toBe(7);
  });
});

describe("keys", () => {
  test("live trading on a real venue needs both, nothing else needs any", () => {
    const names = (env: Record<string, string>) =>
      keyProblems(modeWith(env)).map(({ name }) => name);
    const both = ["BYBIT_API_KEY", "BYBIT_API_SECRET"];
    for (const venue of ["mainnet", "testnet", "demo"]) {
      expect(names({ SCALPER_VENUE: venue, SCALPER_TRADING: "live" })).toEqual(both);
      expect(names({ SCALPER_VENUE: venue, SCALPER_TRADING: "paper" })).toEqual([]);
      expect(names({ SCALPER_VENUE: venue, SCALPER_TRADING: "live", ...KEYS })).toEqual([]);
    }
    expect(names({ SCALPER_TRADING: "live" })).toEqual([]);
  });

  test("those of real money go to no other machine in clear", () => {
    const live = { SCALPER_VENUE: "mainnet", SCALPER_TRADING: "live", ...KEYS };
    const names = (host: string, more: Record<string, string> = {}, s = "") => {
      const urls = {
        SCALPER_BYBIT_REST_URL: `http${s}://${host}`,
        SCALPER_BYBIT_WS_URL: `ws${s}://${host}`,
      };
      return keyProblems(modeWith({ ...live, ...urls, ...more })).map(({ name }) => name);
    };
    const both = ["SCALPER_BYBIT_REST_URL", "SCALPER_BYBIT_WS_URL"];
    expect(names("evil.example")).toEqual(both);
    expect(names("evil.example", { SCALPER_TRADING: "paper" })).toEqual([]);
    expect(names("10.0.0.1", { SCALPER_VENUE: "testnet" })).toEqual([]);
    expect(names("api.example", {}, "s")).toEqual([]);
    for (const host of ["127.0.0.1:8091", "localhost:1", "[::1]:1"]) {
      expect([host, names(host)]).toEqual([host, []]);
    }
  });
});

test("nobody but the mode asks which venue or which trading was configured", () => {
  const root = join(import.meta.dir, "../../..");
  const asks = /(\b(venue|trading)|"(sim|mainnet|testnet|demo|paper)")\s*[!=]==?\s*["A-Za-z]/;
  const known = /\b(venue|trading)\s*[!=]==?\s*(null|undefined|"(on|halted|starting)")/;
  const found = [...new Bun.Glob("{src,views}/**/*.{ts,tsx}").scanSync(root)]
    .filter((path) => path !== "src/app/mode.ts")
    .flatMap((path) =>
      readFileSync(join(root, path), "utf8")
        .split("\n")
        .filter((line) => asks.test(line.replace(known, "")))
        .map((line) => `${path}: ${line.trim()}: ask the mode for what you need`),
    );
  expect(found).toEqual([]);
});
