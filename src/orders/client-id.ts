/**
 * Reads our own client ids back. `clientOrderIdOf` writes run, name and sequence joined by "-"; an
 * order at the venue that carries this form under a name of ours was placed by us, in this run or
 * an earlier one.
 *
 * Names are those of all registered strategies, also of those that are switched off, so that a
 * restart leaves none of their orders resting.
 */
import type { ClientOrderId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

/**
 * Who places orders besides strategies: an operator's flatten, and the protection of positions.
 * "recovery" names rows of the record that no order made.
 */
export const SYSTEM_NAMES = ["operator", "protect", "recovery"] as const;

/** Run (20), two hyphens, eight letters and six of sequence are the 36 that the venue takes. */
const NAME = /^[a-z]{2,8}$/;

export class ClientIds {
  private readonly names: ReadonlySet<string>;
  private readonly pattern: RegExp;

  /** Throws for a name that cannot stand in an id, or that somebody else has. */
  constructor(strategyNames: readonly string[]) {
    const names = [...strategyNames, ...SYSTEM_NAMES];
    for (const name of names) assert(NAME.test(name), `"${name}" is two to eight letters a to z`);
    this.names = new Set(names);
    assert(this.names.size === names.length, "no two of those who place orders share a name");
    this.pattern = new RegExp(`^[0-9A-Za-z_-]+-(${names.join("|")})-[0-9a-z]+$`);
  }

  knows(name: string): boolean {
    return this.names.has(name);
  }

  /** Whose order an id is, null when it is not one of ours. */
  nameIn(clientId: ClientOrderId): string | null {
    return this.pattern.exec(clientId)?.[1] ?? null;
  }
}
