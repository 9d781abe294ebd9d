/**
 * A list with a named limit that forgets its oldest item: the policy for everything only displayed.
 */
export class Ring<Item> {
  readonly limit: number;
  private readonly items: Item[] = [];
  private start = 0;
  /** How many items have ever been pushed, so that a reader can tell what it missed. */
  pushed = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.items.length;
  }

  push(item: Item): void {
    this.pushed++;
    if (this.items.length < this.limit) {
      this.items.push(item);
      return;
    }
    this.items[this.start] = item;
    this.start = (this.start + 1) % this.limit;
  }

  /** Oldest first. */
  toArray(): Item[] {
    return [...this.items.slice(this.start), ...this.items.slice(0, this.start)];
  }

  /** Newest first, at most `count`. */
  newest(count: number): Item[] {
    return this.toArray().reverse().slice(0, count);
  }
}
