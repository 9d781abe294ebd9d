/**
 * The live regions: which function fills which element. A page calls the function when it is
 * rendered, and the live stream calls the same function on every tick, so the two cannot differ.
 */
import type { Child } from "hono/jsx";
import { Denials } from "./fragments/denials.tsx";
import { RecentFills, TradesTable } from "./fragments/executions.tsx";
import { Counters, Feeds, HealthStrip, Services } from "./fragments/health.tsx";
import { Kpis } from "./fragments/kpis.tsx";
import { Limits } from "./fragments/limits.tsx";
import { Actions } from "./fragments/operator.tsx";
import { Orders } from "./fragments/orders.tsx";
import { Positions } from "./fragments/positions.tsx";
import { Banner, Status } from "./fragments/status.tsx";
import { SymbolNow, SymbolPosition } from "./fragments/symbol-now.tsx";
import { SymbolRows } from "./fragments/symbols.tsx";
import { Watch } from "./fragments/watch.tsx";
import { type Html, render } from "./html.tsx";
import type { Model } from "./page-model.ts";

export const REGIONS = {
  status: Status,
  banner: Banner,
  kpis: Kpis,
  limits: Limits,
  positions: Positions,
  orders: Orders,
  fills: RecentFills,
  denials: Denials,
  watch: Watch,
  "health-strip": HealthStrip,
  actions: Actions,
  "symbol-rows": SymbolRows,
  "symbol-now": SymbolNow,
  "symbol-position": SymbolPosition,
  trades: TradesTable,
  services: Services,
  feeds: Feeds,
  counters: Counters,
} as const satisfies Readonly<Record<string, (model: Model) => Html>>;

export type RegionName = keyof typeof REGIONS;

/** Which regions each page keeps alive. */
export const PAGE_REGIONS = {
  overview: [
    "status",
    "banner",
    "kpis",
    "positions",
    "orders",
    "fills",
    "denials",
    "watch",
    "health-strip",
    "actions",
  ],
  symbols: ["status", "banner", "symbol-rows"],
  symbol: ["status", "banner", "symbol-now", "symbol-position", "orders", "fills"],
  trades: ["status", "banner", "trades"],
  logs: ["status", "banner"],
  health: ["status", "banner", "services", "feeds", "limits", "counters"],
  account: ["status", "banner"],
} as const satisfies Readonly<Record<string, readonly RegionName[]>>;

export type PageName = keyof typeof PAGE_REGIONS;

export function regionId(name: RegionName): string {
  return `live-${name}`;
}

/** The region's element with its present content. */
export function Region(props: { name: RegionName; model: Model; class?: string }): Html {
  const content: Child = REGIONS[props.name](props.model);
  return (
    <div id={regionId(props.name)} class={props.class}>
      {content}
    </div>
  );
}

/** The region's present content as text. */
export function renderRegion(name: RegionName, model: Model): string {
  return render(REGIONS[name](model));
}

/** One swap of a live message; morphing keeps focus, selection and scroll position. */
export function partial(targetId: string, html: string, swap = "innerMorph"): string {
  return `<hx-partial hx-target="#${targetId}" hx-swap="${swap}">${html}</hx-partial>`;
}
