/** What trading costs, in basis points of the traded value: fees a side, and the spread. */

/** What a round trip that rests on both sides of the touch leaves after its two fees, in bps. */
export function makerEdgeBps(spreadBps: number, makerFeeBps: number): number {
  return spreadBps - 2 * makerFeeBps;
}

/** What a round trip costs that takes on both ways: two fees and the spread, in bps. */
export function takerCostBps(spreadBps: number, takerFeeBps: number): number {
  return spreadBps + 2 * takerFeeBps;
}
