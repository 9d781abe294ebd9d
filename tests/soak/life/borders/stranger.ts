/**
 * Somebody trades on the account by hand: positions, resting orders, a conditional order that opens
 * a position later. What rests is taken back after a while.
 */
import type { Border } from "./border.ts";

const VALUE_USDT = 40;
const ORDERS_MAX = 3;

export const stranger: Border = async (desk, prng) => {
  const { core, accountId, simulator, clock } = desk.world;
  const count = 1 + prng.int(ORDERS_MAX);
  for (let placed = 0; placed < count; placed++) {
    const symbolIndex = prng.int(core.instruments.length);
    const instrument = core.instruments[symbolIndex];
    if (instrument === undefined) return;
    const side = prng.int(2) === 0 ? "Buy" : "Sell";
    const lastTicks = core.lastTicks(symbolIndex);
    const perStep = lastTicks * unitOf(instrument.price) * unitOf(instrument.qty);
    const qtySteps = Math.max(instrument.minQtySteps, Math.ceil(VALUE_USDT / perStep));
    const base = { symbolIndex, side, qtySteps } as const;
    const away = 1 + (side === "Buy" ? -1 : 1) * 0.004 * prng.next();
    const awayTicks = Math.round(lastTicks * away);
    const market = { ...base, type: "Market", priceTicks: 0, timeInForce: "IOC" } as const;
    const request = [
      market,
      { ...base, type: "Limit", priceTicks: awayTicks, timeInForce: "GTC" } as const,
      { ...market, triggerTicks: awayTicks, triggerDirection: side === "Buy" ? 2 : 1 } as const,
    ][prng.int(3)];
    if (request === undefined) return;
    const { orderId, text } = core.place(accountId, request);
    desk.world.log(`the stranger: ${side} ${qtySteps} ${instrument.symbol} ${text || orderId}`);
    clock.after(1_000 * (20 + 60 * prng.next()), () => {
      core.cancel(accountId, symbolIndex, { orderId });
      simulator.venue.flush();
    });
    simulator.venue.flush();
    await desk.pass(3 * prng.exponential());
  }
  await desk.pass(30 * prng.exponential());
};

function unitOf({ unitMantissa, decimals }: { unitMantissa: number; decimals: number }): number {
  return unitMantissa / 10 ** decimals;
}
