/** Things worth knowing that are nobody's fault: counted by name and shown in the health. */

/** A closed set of a few dozen names in this program; more is a bug and is not counted. */
const NAMES_MAX = 100;

export class Counters {
  private readonly counts: Record<string, number> = {};

  add(name: string, count = 1): void {
    const before = this.counts[name];
    if (before === undefined && Object.keys(this.counts).length >= NAMES_MAX) return;
    this.counts[name] = (before ?? 0) + count;
  }

  all(): Readonly<Record<string, number>> {
    return { ...this.counts };
  }
}
