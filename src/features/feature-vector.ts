/**
 * Some features of a symbol as numbers side by side, and the schema that says which: what a model
 * is trained on, asked with, and recorded beside.
 *
 * The order is the one they were asked for in, which is the model's own. The hash changes with any
 * name, unit, version or place, so that a model never reads numbers that mean something else.
 */
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { fnv1a64 } from "../kernel/fnv.ts";
import type { FeatureTerms } from "./feature.ts";

/** Plain data, to be recorded. */
export interface FeatureSchema {
  readonly features: readonly {
    readonly name: string;
    readonly unit: string;
    readonly version: number;
  }[];
  /** 16 hexadecimal digits over names, units, versions and their order. */
  readonly hash: string;
}

export function schemaOf(
  terms: readonly Pick<FeatureTerms, "name" | "unit" | "version">[],
): FeatureSchema {
  const features = terms.map(({ name, unit, version }) => ({ name, unit, version }));
  const lines = features.map(({ name, unit, version }) => `${name} ${unit} ${version}\n`);
  return { features, hash: fnv1a64(lines.join("")) };
}

interface LiveColumn extends FeatureTerms {
  readonly values: Float64Array;
}

export class FeatureVector {
  readonly schema: FeatureSchema;
  private readonly columns: readonly LiveColumn[];

  constructor(columns: readonly LiveColumn[]) {
    const names = new Set(columns.map(({ name }) => name));
    assert(names.size === columns.length, "a feature stands in a vector once");
    this.columns = columns;
    this.schema = schemaOf(columns);
  }

  get length(): number {
    return this.columns.length;
  }

  /**
   * Writes the symbol's features to the front of `into` without allocating. Cold ones are NaN;
   * returns whether there was none.
   */
  fill(id: SymbolId, into: Float64Array): boolean {
    const { columns } = this;
    assert(into.length >= columns.length, "a vector has room for every feature");
    let isWarm = true;
    for (let place = 0; place < columns.length; place++) {
      const value = columns[place]?.values[id] ?? Number.NaN;
      into[place] = value;
      if (Number.isNaN(value)) isWarm = false;
    }
    return isWarm;
  }
}
