/** Whose position it is, told by executions alone: proved, or nobody's. */
import { describe, expect, test } from "bun:test";
import type { ExecutionReport } from "../../../src/domain/event.ts";
import { asClientOrderId } from "../../../src/domain/units.ts";
import { ClientIds } from "../../../src/orders/client-id.ts";
import { makerOfPosition } from "../../../src/orders/provenance.ts";
import { executionOf, type Trade } from "../portfolio/support.ts";

const IDS = new ClientIds(["alpha", "beta"], {
  installation: "",
  runId: "t",
  earlierRuns: new Set(),
});

const by = (clientId: string, trade: Trade): ExecutionReport => ({
  ...executionOf(trade),
  clientId: asClientOrderId(clientId),
});
const makerOf = (positionSteps: number, ...executions: ExecutionReport[]) =>
  makerOfPosition(positionSteps, executions, IDS);

const ALPHA_BUYS = by("t-alpha-1", { side: "buy", qty: 60, price: 1_000 });
const BETA_BUYS = by("t-beta-2", { side: "buy", qty: 40, price: 1_000 });
const FUNDING = by("", { side: "buy", qty: 100, price: 1_000, kind: "funding" });

describe("the maker of a position", () => {
  test("is who made all of it since it was flat", () => {
    expect(makerOf(60, BETA_BUYS, ALPHA_BUYS)).toBe("alpha");
    const sells = by("t-alpha-3", { side: "sell", qty: 20, price: 1_000 });
    expect(makerOf(40, ALPHA_BUYS, sells)).toBe("alpha");
  });

  test("stays who it was when funding was paid: it names nobody and moves nothing", () => {
    expect(makerOf(60, ALPHA_BUYS, FUNDING)).toBe("alpha");
    expect(makerOf(60, FUNDING, ALPHA_BUYS)).toBe("alpha");
  });

  test("is nobody when two made it", () => {
    expect(makerOf(100, ALPHA_BUYS, BETA_BUYS)).toBeNull();
    expect(makerOf(100, BETA_BUYS, ALPHA_BUYS)).toBeNull();
  });

  test("is nobody when a stranger or the venue had a hand in it, or the list is too short", () => {
    const stranger = by("by-hand", { side: "buy", qty: 40, price: 1_000 });
    expect(makerOf(100, stranger, ALPHA_BUYS)).toBeNull();
    const forced = by("t-alpha-4", { side: "sell", qty: 10, price: 1_000, kind: "liquidation" });
    expect(makerOf(50, ALPHA_BUYS, forced)).toBeNull();
    expect(makerOf(100, ALPHA_BUYS)).toBeNull();
  });
});
