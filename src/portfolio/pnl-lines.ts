/**
 * Profit by whose it is: one line a strategy, and one each for what the operator, protection and
 * strangers did on symbols that no strategy owned. Every booking is on exactly one line, so that
 * the lines add up to the account, to the last decimal.
 */
import type { Usdt } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

interface PnlLine {
  readonly realised: Usdt;
  readonly fees: Usdt;
  /** Positive when paid. */
  readonly funding: Usdt;
  readonly fillCount: number;
}

const EMPTY: PnlLine = { realised: 0n, fees: 0n, funding: 0n, fillCount: 0 };

export class PnlLines {
  /** At most one row per name that client ids know, and one for strangers. */
  private readonly lines = new Map<string, PnlLine>();

  /** Names with bookings, in the order of their first. */
  get names(): readonly string[] {
    return [...this.lines.keys()];
  }

  /** The line of that name: empty when nothing was booked on it. */
  line(name: string): PnlLine {
    return this.lines.get(name) ?? EMPTY;
  }

  add(name: string, more: PnlLine): void {
    assert(more.fillCount === 0 || more.fillCount === 1, "executions are booked one by one");
    this.lines.set(name, sumOf(this.line(name), more));
  }

  total(): PnlLine {
    return [...this.lines.values()].reduce(sumOf, EMPTY);
  }
}

function sumOf(left: PnlLine, right: PnlLine): PnlLine {
  return {
    realised: left.realised + right.realised,
    fees: left.fees + right.fees,
    funding: left.funding + right.funding,
    fillCount: left.fillCount + right.fillCount,
  };
}
