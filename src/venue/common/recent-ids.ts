/** Remembers the newest ids it was shown, so that each is taken once. */
export class RecentIds {
  private readonly limit: number;
  private readonly ids = new Set<string>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Returns true the first time; forgets the oldest id beyond the limit. */
  take(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > this.limit) {
      const oldest = this.ids.values().next().value;
      if (oldest !== undefined) this.ids.delete(oldest);
    }
    return true;
  }
}
