/**
 * A position's margin as ccxt reads it, against the venue's published rules worked out here anew
 * from what the same client can ask: its fills, its wallet, the mark price and the risk tiers.
 */
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ccxtOn } from "./ccxt-client.ts";
import { KEY, SECRET, type Sim, startSim } from "./support.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const BTC = "BTC/USDT:USDT";
const QTY = 0.02;
const LEVERAGE = 5;
const TAKER = 0.00055;
const TICK = 0.1;
let sim: Sim;
let exchange: any;

beforeAll(async () => {
  // Little enough that a liquidation price lies above zero.
  sim = await startSim({ accounts: [{ apiKey: KEY, apiSecret: SECRET, walletUsdt: "600" }] });
  exchange = await ccxtOn(sim);
  await exchange.setLeverage(LEVERAGE, BTC);
});
afterEach(async () => {
  for (const { contracts, side } of await exchange.fetchPositions([BTC])) {
    if (!contracts) continue;
    const back = side === "long" ? "sell" : "buy";
    await exchange.createOrder(BTC, "market", back, contracts, undefined, { reduceOnly: true });
  }
});
afterAll(() => sim.stop());

describe.each([
  ["buy", 1],
  ["sell", -1],
] as const)("a position that a market %s made", (side, sign) => {
  test("has the collateral, margins, percentage and liquidation price of the rules", async () => {
    const { id } = await exchange.createOrder(BTC, "market", side, QTY);
    const fills = (await exchange.fetchMyTrades(BTC)).filter((one: any) => one.order === id);
    const cost = fills.reduce((sum: number, one: any) => sum + one.cost, 0);
    const [held] = await exchange.fetchPositions([BTC]);
    const wallet = await walletUsdt();
    const { result } = await exchange.publicGetV5MarketRiskLimit({
      category: "linear",
      symbol: "BTCUSDT",
    });
    const mark = Number(held.info.markPrice);
    const value = mark * QTY;
    const tier = result.list.find((one: any) => value <= Number(one.riskLimitValue));
    const initial = value / LEVERAGE;
    const ofTier = value * Number(tier.maintenanceMargin) - Number(tier.mmDeduction || 0);
    const maintenance = ofTier + value * TAKER;
    const unrealised = sign * (value - cost);
    expect(held).toMatchObject({ contracts: QTY, side: sign > 0 ? "long" : "short" });
    expect(held.entryPrice).toBeCloseTo(cost / QTY, 3);
    expect(held.initialMargin).toBeCloseTo(initial, 4);
    expect(held.collateral).toBeCloseTo(initial, 4);
    expect(Number(held.info.positionMM)).toBeCloseTo(ofTier, 4);
    expect(held.unrealizedPnl).toBeCloseTo(unrealised, 4);
    // ccxt cuts the ratio after four digits.
    expect(Math.abs(held.percentage - (unrealised / initial) * 100)).toBeLessThan(0.011);
    // In cross margin the wallet stands behind it: equity falls to the maintenance margin and the
    // fee to close at the liquidation price, and to nothing at the bankruptcy price. ccxt takes
    // its maintenance margin from the distance of these two, whole ticks both.
    const equity = wallet + unrealised;
    const liquidation = mark - (sign * (equity - maintenance)) / QTY;
    expect(liquidation).toBeGreaterThan(0);
    expect(Math.abs(held.liquidationPrice - liquidation)).toBeLessThanOrEqual(TICK);
    expect(Math.abs(held.maintenanceMargin - maintenance)).toBeLessThanOrEqual(2 * TICK * QTY);
  });
});

async function walletUsdt(): Promise<number> {
  const { info } = await exchange.fetchBalance();
  const [coin] = info.result.list[0].coin.filter(({ coin: name }: any) => name === "USDT");
  return Number(coin.walletBalance);
}
