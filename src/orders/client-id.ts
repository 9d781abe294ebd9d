/**
 * Reads client ids back: whose order is it?
 *
 * An id is `<installation>_<run>-<name>-<sequence>`: eight random characters of the data directory,
 * the run that wrote it, who placed it, and its number. An order is ours when its id carries our
 * installation and a run that our record knows; ids from before installations had a name carry the
 * run alone and are ours by the same rule. The same form under another installation, or under ours
 * with a run that we never made (a copy of the data directory), is another engine's. Everything
 * else is a stranger's, however much it looks like ours.
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

/**
 * Installation (8) and run (9, until the year 5188) with a hyphen between, two hyphens, eight
 * letters and nine of sequence are the 36 that the venue takes.
 */
const NAME = /^[a-z]{2,8}$/;
const INSTALLATION = /^[0-9a-z]{8}$/;

/** Who we are, as client ids say it. */
export interface Origin {
  /** Random, kept with the data; empty where ids carry the run alone. */
  readonly installation: string;
  readonly runId: string;
  /** Runs that our record knows: one each start. */
  readonly earlierRuns: ReadonlySet<string>;
}

export class ClientIds {
  /** What every id of this run begins with. */
  readonly prefix: string;
  private readonly names: ReadonlySet<string>;
  private readonly pattern: RegExp;
  private readonly origin: Origin;
  /** Installations whose orders an operator gave to us; at most the one of the settings. */
  private readonly takenOver = new Set<string>();

  /** Throws for a name that cannot stand in an id, or that somebody else has. */
  constructor(strategyNames: readonly string[], origin: Origin) {
    const names = [...strategyNames, ...SYSTEM_NAMES];
    for (const name of names) assert(NAME.test(name), `"${name}" is two to eight letters a to z`);
    const { installation, runId } = origin;
    assert(installation === "" || INSTALLATION.test(installation), "an installation has a name");
    this.origin = origin;
    this.prefix = installation === "" ? runId : `${installation}_${runId}`;
    this.names = new Set(names);
    assert(this.names.size === names.length, "no two of those who place orders share a name");
    const who = names.join("|");
    this.pattern = new RegExp(`^(?:([0-9a-z]{8})_)?([0-9A-Za-z_-]+)-(${who})-[0-9a-z]+$`);
  }

  knows(name: string): boolean {
    return this.names.has(name);
  }

  /** Whose order an id is, null when it is not one of ours. */
  nameIn(clientId: ClientOrderId): string | null {
    const parts = this.partsOf(clientId);
    return parts !== null && this.isOurs(parts) ? parts.name : null;
  }

  /** The other engine that an id is of, null when it is ours or no engine's. */
  engineIn(clientId: ClientOrderId): string | null {
    const parts = this.partsOf(clientId);
    return parts === null || parts.installation === "" || this.isOurs(parts)
      ? null
      : parts.installation;
  }

  /** From now on the orders of that installation are ours: its engine is dead, a person says. */
  takeOver(installation: string): void {
    assert(installation !== "", "an engine without a name cannot be taken over");
    this.takenOver.add(installation);
  }

  private isOurs({ installation, run }: Parts): boolean {
    if (this.takenOver.has(installation)) return true;
    if (installation !== "" && installation !== this.origin.installation) return false;
    return run === this.origin.runId || this.origin.earlierRuns.has(run);
  }

  private partsOf(clientId: ClientOrderId): Parts | null {
    const [, installation = "", run, name] = this.pattern.exec(clientId) ?? [];
    return run === undefined || name === undefined ? null : { installation, run, name };
  }
}

interface Parts {
  readonly installation: string;
  readonly run: string;
  readonly name: string;
}
