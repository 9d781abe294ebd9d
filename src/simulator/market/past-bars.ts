/**
 * Bars from before the start, remembered for a while: they never change, a client asks for a
 * thousand at once, and their minutes cost a fifth of a second. Who has to serve others meanwhile
 * works them out in slices first, and answers from here.
 */
import type { Bar } from "./bars.ts";

/** Eight long answers; about a megabyte. */
const BARS_MAX = 8_192;

export class PastBars {
  private readonly known = new Map<string, Bar>();

  /** The bar of that name, from `make` when nobody asked for it lately. */
  of(key: string, make: () => Bar): Bar {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const bar = make();
    if (this.known.size >= BARS_MAX) {
      const oldest = this.known.keys().next();
      if (!oldest.done) this.known.delete(oldest.value);
    }
    this.known.set(key, bar);
    return bar;
  }
}
