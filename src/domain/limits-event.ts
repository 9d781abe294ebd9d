/** An operator's other risk limits, on their way to the engine. */

/** Other risk limits from now on: checked, recorded and confirmed before they come here. */
export interface LimitsChange {
  readonly kind: "limits_change";
  /** By the limit's name; the others stay. */
  readonly changes: Readonly<Record<string, number>>;
  /** Login name. */
  readonly by: string;
  readonly reason: string;
}
