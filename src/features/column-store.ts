/**
 * Typed columns by name, a fixed number of places a symbol, that grow together and keep what they
 * hold.
 */
import { must } from "../kernel/assert.ts";

interface Column {
  values: Float64Array;
  readonly fill: number;
  readonly width: number;
}

export class ColumnStore {
  /** Symbols that every column has room for. */
  size = 0;
  private readonly columns = new Map<string, Column>();

  /** The column of that name, made with `fill` in every place when it is new. */
  ensure(name: string, fill: number, width = 1): Float64Array {
    let column = this.columns.get(name);
    if (column === undefined) {
      column = { values: new Float64Array(this.size * width).fill(fill), fill, width };
      this.columns.set(name, column);
    }
    return column.values;
  }

  get(name: string): Float64Array {
    return must(this.columns.get(name), `a column called ${name}`).values;
  }

  /** Puts one symbol's places of a column back to what they held at first. */
  clear(name: string, index: number): void {
    const { values, fill, width } = must(this.columns.get(name), `a column called ${name}`);
    values.fill(fill, index * width, (index + 1) * width);
  }

  /** Puts every column of one symbol back to what it held at first. */
  clearAll(index: number): void {
    for (const name of this.columns.keys()) this.clear(name, index);
  }

  /** Makes room. Arrays handed out before are no longer the columns. */
  widen(size: number): void {
    this.size = size;
    for (const column of this.columns.values()) {
      const wider = new Float64Array(size * column.width).fill(column.fill);
      wider.set(column.values);
      column.values = wider;
    }
  }
}
