/** GET /palette?q=: symbols for the search over everything, those that trade first. */
import { z } from "zod";
import { textParam } from "../monitor/params.ts";
import { selectSymbols } from "../monitor/symbols-query.ts";
import { paramsOf } from "./parameters.ts";
import type { Dashboard } from "./respond.ts";

/** A list to choose from by hand. */
const FOUND_MAX = 8;

export function paletteRoutes({ app, deps }: Dashboard): void {
  app.get("/palette", (c) => {
    const { q } = paramsOf(c, z.object({ q: textParam(40) }));
    const rows = selectSymbols(deps.view().symbols.values(), { q });
    const found = [...rows.filter(({ active }) => active), ...rows.filter((row) => !row.active)];
    return c.json(
      found.slice(0, FOUND_MAX).map(({ symbol, active, category }) => ({
        symbol,
        note: active ? `${category}, trading` : category,
      })),
    );
  });
}
