/**
 * A position row that cannot be used: a stop off the grid, a leg of a hedge, a size that is null.
 * The account is compared meanwhile, now and then made flat; nothing may be called flat that the
 * venue holds.
 */
import { isRecord } from "../../../../src/kernel/json.ts";
import type { Border } from "./border.ts";

const VARIANTS: readonly Readonly<Record<string, unknown>>[] = [
  { stopLoss: "0.00012345678" },
  { positionIdx: 1 },
  { size: null },
];
const FLAT_SEC_MAX = 20;

export const row: Border = async (desk, prng) => {
  const { world } = desk;
  const wrong = VARIANTS[prng.int(VARIANTS.length)] ?? {};
  const spoil = (path: string, status: number, text: string) =>
    path === "/v5/position/list" ? { status, text: spoilt(text, wrong) } : null;
  world.spoils.add(spoil);
  world.log(`rows of positions are spoilt: ${JSON.stringify(wrong)}`);
  world.simulator.faults.add({ kind: "disconnect", path: "/v5/private", count: 1 });
  world.simulator.strikeNow();
  await desk.pass(5 + 20 * prng.next());
  if (prng.int(2) === 0) {
    desk.operatorWaits = true;
    desk.command("flatten", "while rows are unusable");
    await desk.pass(FLAT_SEC_MAX);
  }
  world.spoils.delete(spoil);
  await desk.pass(10);
  desk.operatorWaits = false;
};

/** Every open row with the wrong fields in it. */
function spoilt(text: string, wrong: Readonly<Record<string, unknown>>): string {
  const envelope: unknown = JSON.parse(text);
  if (!isRecord(envelope) || !isRecord(envelope.result)) return text;
  const { result } = envelope;
  const list = Array.isArray(result.list) ? result.list : [];
  const rows = list.map((item: unknown) =>
    isRecord(item) && Number(item.size) > 0 ? { ...item, ...wrong } : item,
  );
  return JSON.stringify({ ...envelope, result: { ...result, list: rows } });
}
