/**
 * The pages, in the order of the navigation. A new page is a file beside this one and an entry
 * here: routes, navigation, streams and tests follow.
 */
import { assert } from "../../src/kernel/assert.ts";
import type { ModeLabel } from "../../src/monitor/view.ts";
import type { Page } from "../page.tsx";
import type { NavItem } from "../page-model.ts";
import type { LiveRegion } from "../region.tsx";
import { account } from "./account.tsx";
import { audit } from "./audit.tsx";
import { blotter } from "./blotter.tsx";
import { desk } from "./desk.tsx";
import { health } from "./health.tsx";
import { logs } from "./logs.tsx";
import { order } from "./order.tsx";
import { pnl } from "./pnl.tsx";
import { risk } from "./risk.tsx";
import { simulator } from "./simulator.tsx";
import { strategies } from "./strategies.tsx";
import { symbol } from "./symbol.tsx";
import { symbols } from "./symbols.tsx";

export const PAGES: readonly Page[] = [
  desk,
  symbols,
  symbol,
  blotter,
  order,
  pnl,
  risk,
  logs,
  health,
  account,
  audit,
  simulator,
  strategies,
];

/** What the navigation of a run of this kind leads to. */
export function navigationOf(mode: ModeLabel): readonly NavItem[] {
  return PAGES.flatMap(({ nav, onlyIn, paths }) =>
    nav === null || (onlyIn !== null && onlyIn !== mode)
      ? []
      : [{ label: nav, path: paths[0] ?? "/" }],
  );
}

/** Addresses that pages had before, and where those pages are now. */
export const MOVED: Readonly<Record<string, string>> = {
  "/overview": "/",
  "/trades": "/blotter",
  "/account": "/settings",
};

/** Every region of any page, by name. */
export const REGIONS: ReadonlyMap<string, LiveRegion> = regionsOf(PAGES);

function regionsOf(pages: readonly Page[]): ReadonlyMap<string, LiveRegion> {
  const byName = new Map<string, LiveRegion>();
  for (const region of pages.flatMap((page) => page.regions)) {
    const known = byName.get(region.name);
    assert(known === undefined || known === region, "a region's name is its own");
    byName.set(region.name, region);
  }
  return byName;
}
