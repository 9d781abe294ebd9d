/**
 * A first-in first-out queue with a named limit. `push` says whether the item was taken: what a
 * refusal means (conflate, drop the reader, halt) is the caller's policy, written where it calls.
 */
export class BoundedQueue<Item> {
  readonly limit: number;
  private items: Item[] = [];
  private head = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: Item): boolean {
    if (this.length >= this.limit) return false;
    this.items.push(item);
    return true;
  }

  /** The oldest, which stays. */
  first(): Item | undefined {
    return this.items[this.head];
  }

  shift(): Item | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.head++;
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
  }
}
