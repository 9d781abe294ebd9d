/** @jsxImportSource hono/jsx */
/**
 * The first screen: am I making money, am I safe, what is it doing and why. The page only says
 * where each region stands; a new one is a line in the slot that waits for it. A slot may hold
 * nothing yet, one region or several that stand one below the other.
 */
import { z } from "zod";
import { optional, symbolParam } from "../../src/monitor/params.ts";
import { focus, focusOf } from "../fragments/candles.tsx";
import { denials } from "../fragments/denials.tsx";
import { deskSymbols } from "../fragments/desk-symbols.tsx";
import { equity } from "../fragments/equity.tsx";
import { healthStrip } from "../fragments/health.tsx";
import { healthCells } from "../fragments/health-past.tsx";
import { kpis } from "../fragments/kpis.tsx";
import { focusLadder } from "../fragments/ladder.tsx";
import { moneyBridge } from "../fragments/money-bridge.tsx";
import { actions } from "../fragments/operator.tsx";
import { orders } from "../fragments/orders.tsx";
import { TapeChips, tape } from "../fragments/tape.tsx";
import { Card, type Html } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Sources } from "../page-model.ts";
import type { LiveRegion } from "../region.tsx";

interface Slot {
  /** Names its place in the grid: the class is `slot-` and this. */
  readonly name: string;
  readonly title: string;
  readonly more?: { readonly href: string; readonly label: string };
  /** Stands still above what is shown: buttons and choices are no part of live messages. */
  readonly top?: () => Html;
  readonly shows: readonly LiveRegion[];
}

/** Above everything, across the page. */
const TILES: readonly LiveRegion[] = [kpis];

/** Eight columns wide, top to bottom. */
const WIDE: readonly Slot[] = [
  { name: "equity", title: "Net equity", shows: [equity] },
  {
    name: "symbols",
    title: "Active symbols and positions",
    more: { href: "/symbols", label: "all symbols" },
    shows: [deskSymbols],
  },
  { name: "focus", title: "Focus", shows: [focus] },
  { name: "orders", title: "Live orders", shows: [orders] },
];

/** Four columns wide, top to bottom. */
const NARROW: readonly Slot[] = [
  { name: "ladder", title: "Depth", shows: [focusLadder] },
  {
    name: "tape",
    title: "Tape of decisions",
    more: { href: "/blotter", label: "blotter" },
    top: TapeChips,
    shows: [tape],
  },
  {
    name: "bridge",
    title: "Where the money went today",
    more: { href: "/pnl", label: "by day and symbol" },
    shows: [moneyBridge],
  },
  {
    name: "health",
    title: "Health",
    more: { href: "/health", label: "details" },
    shows: [healthStrip, healthCells],
  },
  { name: "operator", title: "Interventions", shows: [actions] },
  { name: "refusals", title: "Refused by the risk gate", shows: [denials] },
];

const regions = [...TILES, ...WIDE.flatMap(shownBy), ...NARROW.flatMap(shownBy)];

/** The symbol that chart and ladder show. */
const PARAMS = z.object({ focus: optional(symbolParam()) });

export const desk = definePage({
  key: "desk",
  path: "/",
  alias: "/dashboard",
  title: "Desk",
  nav: "Desk",
  hasCharts: true,
  params: PARAMS,
  settle: (params, { view }) => ({ focus: params.focus ?? focusOf(view) }),
  regions,
  load: (sources) => sources,
  view: Desk,
});

type DeskProps = PageProps<z.infer<typeof PARAMS>, Sources>;

function Desk({ model, params, data: sources }: DeskProps): Html {
  const readings = { sources, model };
  const query = params.focus === undefined ? {} : { focus: params.focus };
  const place = (region: LiveRegion) => region.elementOf(readings, query);
  const slots = (all: readonly Slot[]) =>
    all
      .filter(({ shows }) => shows.length > 0)
      .map((slot) => <SlotCard slot={slot} place={place} />);
  return (
    <div class="desk">
      {TILES.map(place)}
      <div class="grid">
        <div class="span-8">{slots(WIDE)}</div>
        <div class="span-4">{slots(NARROW)}</div>
      </div>
    </div>
  );
}

function SlotCard({ slot, place }: { slot: Slot; place: (region: LiveRegion) => Html }): Html {
  const { name, title, more, top, shows } = slot;
  const meta = more === undefined ? undefined : <a href={more.href}>{more.label}</a>;
  return (
    <Card title={title} meta={meta} id={`slot-${name}`}>
      {top?.()}
      {shows.map(place)}
    </Card>
  );
}

function shownBy({ shows }: Slot): readonly LiveRegion[] {
  return shows;
}
