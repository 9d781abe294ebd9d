/** @jsxImportSource hono/jsx */
/** The features that strategies and scores read of one symbol, as they are now. */
import { z } from "zod";
import type { FeatureNow } from "../../src/charts/chart-reader.ts";
import { symbolParam } from "../../src/monitor/params.ts";
import { NONE } from "../format.ts";
import { Empty, Fact, type Html } from "../html.tsx";
import type { Model, Sources } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { V } from "../value.tsx";

/** More digits change with every look and say nothing. */
const DIGITS = 4;

export const features = regionOf({
  name: "features",
  params: z.object({ symbol: symbolParam() }),
  load: ({ charts }: Sources, { symbol }) => charts.features(symbol),
  view: Features,
});

function Features(_: Model, rows: readonly FeatureNow[]): Html {
  if (rows.length === 0) return <Empty>No feature is computed for this symbol.</Empty>;
  return (
    <dl class="facts two">
      {rows.map(({ name, unit, value }) => (
        <Fact label={name}>
          <V id={`feature.${name}`} title={unit}>
            {Number.isFinite(value) ? String(Number(value.toPrecision(DIGITS))) : NONE}
          </V>
        </Fact>
      ))}
    </dl>
  );
}
