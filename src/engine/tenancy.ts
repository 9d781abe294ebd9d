/**
 * The strategies of a run: made from their setups, known by name to client ids, sharing out the
 * symbols. The engine knows none of them by name or type.
 */
import type { BarSpan } from "../domain/bar.ts";
import type { SymbolId } from "../domain/units.ts";
import type { FeatureName } from "../features/registry.ts";
import { assert, must } from "../kernel/assert.ts";
import { ClientIds, type Origin } from "../orders/client-id.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { BarNeed, StrategySetup } from "../strategy/strategy.ts";
import { withinLimits } from "../strategy/strategy-parameters.ts";
import { type Actor, newOperator, newProtector, newTenant, type Tenant } from "./actors.ts";
import { Ownership } from "./ownership.ts";

/** A strategy's timer, under the name that the engine sets it by. */
interface TenantTimer {
  readonly name: string;
  readonly tenant: Tenant;
  readonly everyMs: number;
}

/** What is wanted more often than this is wanted on frames. */
const TIMER_MS_MIN = 100;

export class Tenancy {
  /** The enabled strategies, in registry order. */
  readonly tenants: readonly Tenant[];
  readonly operator: Actor = newOperator();
  readonly protector: Actor = newProtector();
  readonly ownership: Ownership;
  /** Knows the names of all registered strategies, also of those that are switched off. */
  readonly clientIds: ClientIds;
  readonly timers: readonly TenantTimer[];
  /** What the enabled strategies read. */
  readonly features: readonly FeatureName[];
  private readonly bars: readonly BarNeed[];

  constructor(setups: readonly StrategySetup[], limits: RiskLimits, origin: Origin) {
    const enabled = setups.filter(({ isEnabled }) => isEnabled);
    this.clientIds = new ClientIds(
      setups.map(({ spec }) => spec.name),
      origin,
    );
    this.tenants = enabled.map(({ spec, values }, index) =>
      newTenant(spec, spec.create(withinLimits(spec.parameters, values, limits)), index),
    );
    this.ownership = new Ownership(this.tenants.length);
    this.features = enabled.flatMap(({ spec }) => spec.needs.features);
    this.bars = enabled.flatMap(({ spec }) => spec.needs.bars);
    this.timers = enabled.flatMap(({ spec }, index) =>
      spec.needs.timers.map(({ name, everyMs }) => {
        assert(
          everyMs >= TIMER_MS_MIN,
          `a strategy's timer fires at most every ${TIMER_MS_MIN} ms`,
        );
        const tenant = must(this.tenants[index], "every enabled strategy is a tenant");
        return { name: `strategy ${spec.name} ${name}`, tenant, everyMs };
      }),
    );
  }

  /** Closed bars to keep of a watched symbol, by span: what features want, and strategies. */
  barWants(wanted: ReadonlyMap<BarSpan, number>): ReadonlyMap<BarSpan, number> {
    const wants = new Map(wanted);
    for (const { span, count } of this.bars) wants.set(span, Math.max(wants.get(span) ?? 0, count));
    return wants;
  }

  /** The strategy that owns a symbol, null when none does. */
  ownerOf(id: SymbolId): Tenant | null {
    const index = this.ownership.ownerOf(id);
    return index < 0 ? null : must(this.tenants[index], "an owner is an enabled strategy");
  }

  /** The enabled strategy of that name, null when there is none. */
  tenantNamed(name: string): Tenant | null {
    return this.tenants.find((tenant) => tenant.name === name) ?? null;
  }

  /** Who placed an order: its pauses are theirs. */
  actorNamed(name: string): Actor {
    const actors = [...this.tenants, this.operator, this.protector];
    return must(
      actors.find((actor) => actor.name === name),
      "every order of this run was placed by one of its actors",
    );
  }
}
