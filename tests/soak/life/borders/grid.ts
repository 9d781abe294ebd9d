/**
 * The venue lists a contract with a finer step for a while, and with the old one again: what is
 * held stays what it is. The list is read every few minutes and at each start.
 */
import { isRecord } from "../../../../src/kernel/json.ts";
import type { Border } from "./border.ts";

export const grid: Border = async (desk, prng) => {
  const { world } = desk;
  const { instruments } = world.core;
  const symbol = instruments[prng.int(instruments.length)]?.symbol ?? "";
  const spoil = (path: string, status: number, text: string) =>
    path === "/v5/market/instruments-info" ? { status, text: finer(text, symbol) } : null;
  world.spoils.add(spoil);
  world.log(`${symbol} has a finer step`);
  const lastsSec = 310 + 300 * prng.next();
  world.clock.after(lastsSec * 1_000, () => {
    world.spoils.delete(spoil);
    world.log(`${symbol} has its own step again`);
  });
  await desk.pass(30 * prng.exponential());
};

function finer(text: string, symbol: string): string {
  const envelope: unknown = JSON.parse(text);
  if (!isRecord(envelope) || !isRecord(envelope.result)) return text;
  const { result } = envelope;
  const list = Array.isArray(result.list) ? result.list : [];
  const rows = list.map((item: unknown) => {
    if (!isRecord(item) || item.symbol !== symbol) return item;
    const lots = isRecord(item.lotSizeFilter) ? item.lotSizeFilter : {};
    return { ...item, lotSizeFilter: { ...lots, qtyStep: tenth(String(lots.qtyStep)) } };
  });
  return JSON.stringify({ ...envelope, result: { ...result, list: rows } });
}

/** A tenth of a power of ten or of a multiple of one, as text. */
function tenth(text: string): string {
  const value = Number(text) / 10;
  const decimals = (text.split(".")[1]?.length ?? 0) + 1;
  return value.toFixed(decimals);
}
