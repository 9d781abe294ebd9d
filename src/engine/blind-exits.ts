/**
 * The way out of an entry that may be filled while nobody can ask.
 *
 * An address ban and a lost message together leave an entry of unknown outcome: the venue may hold
 * its position, and the account cannot be read. During a flatten, or a close of its symbol, such an
 * entry is answered with a market order that only reduces, of its own size, by the socket that
 * still works: where the entry was filled it closes it, where it was not the venue has nothing to
 * reduce and says so. It opens nothing; what it did is booked when the account is read again.
 */
import type { OrderTarget } from "../domain/order.ts";
import { addSteps, type QtySteps, type Side, type SymbolId, ZERO_STEPS } from "../domain/units.ts";
import { EXIT_SILENCE_MS } from "../orders/exit-doubt.ts";
import type { OrdersPart, TradingPart } from "./state-parts.ts";

const REASON = "an entry of unknown outcome may be filled, and the venue cannot be asked";

/** What a symbol's entries may have opened that nobody can be asked about, by their side. */
type MayHold = Readonly<Record<Side, QtySteps>>;

/** Nothing while the venue can be asked: its answer is worth more than an order in the dark. */
export function mayHoldOf(
  { orders, control }: OrdersPart & TradingPart,
  id: SymbolId,
  atMs: number,
): MayHold {
  const mayHold = { buy: ZERO_STEPS, sell: ZERO_STEPS };
  if (control.feeds.rest?.up !== false) return mayHold;
  for (const { intent, state, createdAtMs, cancelAtMs } of orders.live(id)) {
    if (intent.purpose !== "entry" || !["unknown", "cancelling"].includes(state)) continue;
    if (atMs - Math.max(createdAtMs, cancelAtMs) < EXIT_SILENCE_MS) continue;
    mayHold[intent.side] = addSteps(mayHold[intent.side], intent.qtySteps);
  }
  return mayHold;
}

/**
 * `targets` of a symbol that is to be flat, with what entries may have opened beside what is known
 * to be held. The venue cuts what is more than it holds.
 */
export function withBlindExits(
  targets: readonly OrderTarget[],
  mayHold: MayHold,
): readonly OrderTarget[] {
  const known = (side: Side) => targets.find((target) => target.side === side);
  return [
    ...reducing("sell", known("sell"), mayHold.buy),
    ...reducing("buy", known("buy"), mayHold.sell),
  ];
}

function reducing(side: Side, known: OrderTarget | undefined, blind: QtySteps): OrderTarget[] {
  if (known !== undefined) return [{ ...known, qtySteps: addSteps(known.qtySteps, blind) }];
  if (blind === 0) return [];
  return [
    {
      side,
      type: "market",
      priceTicks: null,
      qtySteps: blind,
      timeInForce: "ioc",
      reduceOnly: true,
      stopLossTicks: null,
      purpose: "flatten",
      reason: REASON,
    },
  ];
}
