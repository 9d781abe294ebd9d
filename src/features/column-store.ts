/** Typed columns by name, one number a symbol, that grow together and keep what they hold. */
import { must } from "../kernel/assert.ts";

interface Column {
  values: Float64Array;
  readonly fill: number;
}

export class ColumnStore {
  /** Symbols that every column has room for. */
  size = 0;
  private readonly columns = new Map<string, Column>();

  /** The column of that name, made with `fill` in every place when it is new. */
  ensure(name: string, fill: number): Float64Array {
    let column = this.columns.get(name);
    if (column === undefined) {
      column = { values: new Float64Array(this.size).fill(fill), fill };
      this.columns.set(name, column);
    }
    return column.values;
  }

  get(name: string): Float64Array {
    return must(this.columns.get(name), `a column called ${name}`).values;
  }

  /** Makes room. Arrays handed out before are no longer the columns. */
  widen(size: number): void {
    this.size = size;
    for (const column of this.columns.values()) {
      const wider = new Float64Array(size).fill(column.fill);
      wider.set(column.values);
      column.values = wider;
    }
  }
}
