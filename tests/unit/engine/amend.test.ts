import { describe, expect, test } from "bun:test";
import type { OrderReport } from "../../../src/domain/event.ts";
import {
  asClientOrderId,
  asVenueOrderId,
  NO_VENUE_ID,
  type PriceTicks,
} from "../../../src/domain/units.ts";
import { setupsOf } from "../../support/strategies.ts";
import { EAGER_MAKER, Tape } from "./tape.ts";

/** Quotes of a maker that amends or not, resting long enough to be moved. */
function quoting(amendQuotes: 0 | 1): Tape {
  const tape = new Tape({ strategies: setupsOf({ maker: { ...EAGER_MAKER, amendQuotes } }) });
  tape.ready().play("report #1 new\nreport #2 new\nwait 1700");
  return tape;
}

/** What the engine asks the order port for when the price moves. */
const asked = (tape: Tape, line: string) => {
  const from = tape.effects.length;
  tape.play(line);
  const kinds = new Set(["submit", "cancel", "amend"]);
  return tape.effects.slice(from).filter(({ kind }) => kinds.has(kind));
};

const MOVED = "book A 1002x9000 1003x9000\nwait 200\nbook A 1002x9000 1003x9000";

/** The venue tells that the offer rests at this price now. */
function reportOfOffer(tape: Tape, ticks: number): OrderReport {
  const clientId = asClientOrderId("t-maker-2");
  const row = tape.state.orders.find(clientId, NO_VENUE_ID);
  if (row === undefined) throw new Error("there is no offer");
  return {
    kind: "order_report",
    symbolId: row.intent.symbolId,
    venueOrderId: asVenueOrderId("v#2"),
    clientId,
    side: "sell",
    status: "new",
    priceTicks: ticks as PriceTicks,
    qtySteps: row.intent.qtySteps,
    filledSteps: row.filledSteps,
    reduceOnly: false,
    triggerTicks: null,
    detail: "",
    venueAtMs: tape.atMs,
  };
}

describe("a moved price", () => {
  test("is one request a quote where the style amends, under the same client id", () => {
    const tape = quoting(1);
    // The offer rises out of the way first; the bid follows once that is known.
    const [first, ...more] = asked(tape, MOVED);
    expect(first).toMatchObject({ kind: "amend", order: { clientId: "t-maker-2" } });
    expect(more).toEqual([]);
    const from = tape.effects.length;
    tape.send(reportOfOffer(tape, 1003));
    expect(tape.effects.slice(from).find(({ kind }) => kind === "amend")).toMatchObject({
      order: { clientId: "t-maker-1", priceTicks: 1002, stopLossTicks: 994, qtySteps: 100 },
      venueOrderId: "v#1",
    });
  });

  test("is a cancel and, after its confirmation, a new order where it does not", () => {
    const tape = quoting(0);
    expect(asked(tape, MOVED).map(({ kind }) => kind)).toEqual(["cancel", "cancel"]);
    const after = asked(tape, "report #1 cancelled\nreport #2 cancelled");
    expect(after.map(({ kind }) => kind)).toEqual(["submit", "submit"]);
  });

  test("is taken back and placed anew once the venue has refused to amend", () => {
    const tape = quoting(1);
    tape.play(MOVED);
    const clientId = asClientOrderId("t-maker-2");
    const outcome = { result: "rejected", text: "no" } as const;
    tape.send({ kind: "amend_result", clientId, outcome });
    expect(asked(tape, `wait 2000\n${MOVED}`)[0]).toMatchObject({ kind: "cancel", clientId });
  });

  test("without an answer it is asked about, and nothing is sent again meanwhile", () => {
    const tape = quoting(1);
    tape.play(MOVED);
    tape.play("wait 4000");
    const asks = tape.effects.filter(({ kind }) => kind === "ask_order");
    expect(asks.length).toBeGreaterThanOrEqual(1);
    expect(asked(tape, MOVED)).toEqual([]);
  });
});
