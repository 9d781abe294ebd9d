/**
 * Cuts a number into named bands, with memory: a band is entered at its threshold and left only
 * when the number has fallen a share below it. A number that trembles at a border names one band,
 * not two in turn (the Schmitt trigger of electronics).
 */
import { assert, must } from "../kernel/assert.ts";

export interface Bands<Value extends string> {
  /** From the lowest to the highest. */
  readonly values: readonly Value[];
  /** Where each band but the lowest begins: rising, positive. */
  readonly from: readonly number[];
  /** How far below its beginning a band is left, as a share of it. */
  readonly slackShare: number;
}

/** The band of a number, given the band it was in; null when it was in none yet. */
export function bandOf<Value extends string>(
  { values, from, slackShare }: Bands<Value>,
  number: number,
  before: Value | null,
): Value {
  assert(values.length === from.length + 1, "every band but the lowest has its beginning");
  const was = before === null ? 0 : Math.max(0, values.indexOf(before));
  let at = 0;
  for (const [index, begin] of from.entries()) {
    // A band that it was in, or one below that, is kept down to the slack.
    const left = index + 1 <= was ? begin * (1 - slackShare) : begin;
    if (number >= left) at = index + 1;
  }
  return must(values[at], "a band is one of its axis");
}
