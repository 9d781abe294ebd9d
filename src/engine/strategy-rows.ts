/**
 * What each strategy has and made, as rows of an audit tick. One row an enabled strategy, and one
 * for everybody else who has bookings or a position, so that the rows add up to the account.
 */
import type { Usdt } from "../domain/units.ts";
import { fixedToText } from "../kernel/fixed.ts";
import type { StrategyAudit } from "./audit.ts";
import { unrealisedOf } from "./day.ts";
import type { MarketPart, PositionsPart, SettingsPart, TenancyPart } from "./state-parts.ts";

/** Titles of lines that are no strategy's. */
const TITLES: Readonly<Record<string, string>> = {
  operator: "Operator, on positions without an owner",
  protect: "Protection of positions without an owner",
  recovery: "Sizes taken over from the venue",
  "": "Not sent by this program",
};

/** Enabled strategies in registry order, then the others in the order of their first booking. */
export function strategyRows(
  state: SettingsPart & MarketPart & TenancyPart & PositionsPart,
): StrategyAudit[] {
  const { tenancy, ledger } = state;
  const names = tenancy.tenants.map(({ name }) => name);
  const open = openBy(state);
  const all = new Set([...names, ...ledger.lines.names, ...open.keys()]);
  return [...all].map((name) => {
    const { realised, fees, funding, fillCount } = ledger.lines.line(name);
    const held = open.get(name);
    return {
      name,
      title: titleOf(state, name),
      symbols: symbolsOf(state, name),
      openPositions: held?.count ?? 0,
      fillCount,
      realisedText: fixedToText(realised),
      feesText: fixedToText(fees),
      fundingText: fixedToText(funding),
      unrealisedText: fixedToText(held?.unrealised ?? 0n),
    };
  });
}

function titleOf({ options }: SettingsPart, name: string): string {
  const setup = options.strategies.find(({ spec }) => spec.name === name);
  return setup?.spec.title ?? TITLES[name] ?? name;
}

function symbolsOf({ tenancy, market }: MarketPart & TenancyPart, name: string): string[] {
  const tenant = tenancy.tenantNamed(name);
  if (tenant === null) return [];
  return tenancy.ownership.symbolsOf(tenant.index).map((id) => market.instrument(id).symbol);
}

interface Open {
  readonly count: number;
  readonly unrealised: Usdt;
}

/** Open positions by owner; without one they are protection's. */
function openBy(state: MarketPart & TenancyPart & PositionsPart): ReadonlyMap<string, Open> {
  const { ledger, tenancy } = state;
  const open = new Map<string, Open>();
  for (const position of ledger.positions.values()) {
    if (position.steps === 0) continue;
    const name = tenancy.ownerOf(position.symbolId)?.name ?? tenancy.protector.name;
    const before = open.get(name) ?? { count: 0, unrealised: 0n };
    const unrealised = before.unrealised + unrealisedOf(state, position);
    open.set(name, { count: before.count + 1, unrealised });
  }
  return open;
}
