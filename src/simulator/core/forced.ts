/** Positions that the venue closes by itself, at a price it sets: liquidation and settlement. */
import type { SimExecution } from "./api.ts";
import { FILLED, finish } from "./close.ts";
import { type ExchangeState, holdingSide, opposite, type PositionCell } from "./exchange-state.ts";
import { applyFill } from "./fills.ts";
import { liveOrder, plainOrder, register } from "./orders.ts";

interface ForcedClose {
  readonly priceTicks: number;
  readonly execType: SimExecution["execType"];
  readonly createType: string;
  /** The whole position without it. */
  readonly qtySteps?: number;
}

/** Closes the position or a part of it against the house, outside the book. */
export function closeByForce(state: ExchangeState, cell: PositionCell, how: ForcedClose): void {
  const side = opposite(holdingSide(cell));
  const qtySteps = how.qtySteps ?? Math.abs(cell.position.sizeSteps);
  const order = {
    ...plainOrder(state, { cell, request: { side }, qtySteps }),
    priceTicks: how.priceTicks,
    createType: how.createType,
    reduceOnly: true,
  };
  const live = liveOrder(state, cell, order, { reducing: true, bracket: "" });
  register(live);
  applyFill(state, live, {
    execId: state.nextId(),
    execType: how.execType,
    priceTicks: how.priceTicks,
    qtySteps,
    isMaker: false,
    seq: ++state.sequence.value,
    isFree: how.execType === "Settle",
  });
  finish(state, live, FILLED);
}
