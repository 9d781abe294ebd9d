/**
 * Which executions were already applied. The stream and the REST pages repeat each other, so every
 * execution may come twice; each is applied once.
 */
import { assert } from "../kernel/assert.ts";

/**
 * The venue's pages overlap by at most one page of 100 and a reconnect reaches back minutes: 20,000
 * ids are hours of a busy account. At the limit the oldest is forgotten.
 */
const SEEN_EXECUTIONS_MAX = 20_000;

export class SeenIds {
  readonly limit: number;
  /** Iterates in insertion order: the first one is the oldest. */
  private readonly ids = new Set<string>();

  constructor(limit: number = SEEN_EXECUTIONS_MAX) {
    this.limit = limit;
  }

  get size(): number {
    return this.ids.size;
  }

  /** True when the id is new; remembers it. */
  add(id: string): boolean {
    assert(id !== "", "what is seen has an id");
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > this.limit) {
      for (const oldest of this.ids) {
        this.ids.delete(oldest);
        break;
      }
    }
    assert(this.ids.size <= this.limit, "no more ids are kept than the limit");
    return true;
  }
}
