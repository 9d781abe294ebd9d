/**
 * Order requests from JSON to whole ticks and steps, for REST and the trade socket alike.
 *
 * Numbers may come as text or as JSON numbers. A quantity off its step is cut down, a price off its
 * tick is refused: the first is observed behaviour, the second our choice where the venue is
 * silent.
 */
import { toUnits } from "../../../kernel/decimal.ts";
import { FIXED_DECIMALS, parseFixed } from "../../../kernel/fixed.ts";
import type { JsonRecord } from "../../../kernel/json.ts";
import { failure, type Result, success } from "../../../kernel/result.ts";
import type { AmendRequest, PlaceRequest, SimInstrument, TriggerBy } from "../../core/api.ts";
import type { SimVenue } from "../../world/world.ts";
import { type Outcome, parameterError, refuse, SYMBOL_REFUSAL } from "./reply.ts";

export type Body = JsonRecord;
/** What was asked for, or what the venue answers instead. */
type Parsed<Value> = Result<Value, Outcome>;

const LINK_ID = /^[A-Za-z0-9_-]{1,36}$/;

/** A field as text: numbers are printed, absent and null are the empty text. */
export function textOf(body: Body, name: string): string {
  const value = body[name];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : "";
}

function flagOf(body: Body, name: string): boolean {
  return body[name] === true || body[name] === "true";
}

/** Category and symbol of a request about one linear contract. */
export function instrumentOf(venue: SimVenue, body: Body): Parsed<SimInstrument> {
  if (textOf(body, "category") !== "linear") return failure(refuse(10001, "Illegal category"));
  const instrument = venue.instrument(textOf(body, "symbol"));
  if (instrument === undefined) return failure(refuse(10001, SYMBOL_REFUSAL));
  return success(instrument);
}

export function parsePlace(venue: SimVenue, body: Body): Parsed<PlaceRequest> {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found;
  const instrument = found.value;
  const side = textOf(body, "side");
  if (side !== "Buy" && side !== "Sell") return failure(parameterError("side"));
  const type = textOf(body, "orderType");
  if (type !== "Limit" && type !== "Market") return failure(parameterError("orderType"));
  const timeInForce = timeInForceOf(body, type);
  if (typeof timeInForce !== "string") return failure(timeInForce);
  const linkId = textOf(body, "orderLinkId");
  if (linkId !== "" && !LINK_ID.test(linkId)) return failure(parameterError("orderLinkId"));
  const reader = new FieldReader(instrument, body);
  const qtySteps = quantityOf(instrument, body);
  if (qtySteps === null) return failure(refuse(10001, "Qty invalid"));
  const priceTicks = type === "Limit" ? reader.ticks("price") : 0;
  if (type === "Limit" && priceTicks === 0) reader.wrong("price");
  const request: PlaceRequest = {
    symbolIndex: instrument.index,
    side,
    type,
    qtySteps,
    priceTicks: priceTicks ?? 0,
    timeInForce,
    ...(linkId === "" ? {} : { orderLinkId: linkId }),
    ...reader.positionIdx(),
    reduceOnly: flagOf(body, "reduceOnly"),
    closeOnTrigger: flagOf(body, "closeOnTrigger"),
    ...reader.triggers(),
    ...reader.protection(),
    ...reader.choice("smpType", ["None", "CancelMaker", "CancelTaker", "CancelBoth"] as const),
  };
  return reader.problem === null ? success(request) : failure(reader.problem);
}

export function parseAmend(venue: SimVenue, body: Body): Parsed<AmendRequest> {
  const found = instrumentOf(venue, body);
  if (!found.ok) return found;
  const instrument = found.value;
  const id = orderIdOf(body);
  if (id === null) return failure(NO_ID);
  const reader = new FieldReader(instrument, body);
  const qtySteps = textOf(body, "qty") === "" ? undefined : quantityOf(instrument, body);
  if (qtySteps === null) return failure(refuse(10001, "Qty invalid"));
  const request: AmendRequest = {
    symbolIndex: instrument.index,
    ...id,
    ...(qtySteps === undefined ? {} : { qtySteps }),
    ...reader.optionalTicks("price", "priceTicks"),
    ...reader.optionalTicks("triggerPrice", "triggerTicks"),
    ...reader.optionalTicks("takeProfit", "takeProfitTicks"),
    ...reader.optionalTicks("stopLoss", "stopLossTicks"),
  };
  return reader.problem === null ? success(request) : failure(reader.problem);
}

export const NO_ID = refuse(10001, "params error: OrderId or orderLinkId is required");

/** The order's id; the venue's wins when both are given. */
export function orderIdOf(body: Body): { orderId: string } | { orderLinkId: string } | null {
  const orderId = textOf(body, "orderId");
  if (orderId !== "") return { orderId };
  const orderLinkId = textOf(body, "orderLinkId");
  return orderLinkId === "" ? null : { orderLinkId };
}

function timeInForceOf(
  body: Body,
  type: "Limit" | "Market",
): PlaceRequest["timeInForce"] | Outcome {
  if (type === "Market") return "IOC";
  const text = textOf(body, "timeInForce");
  if (text === "") return "GTC";
  if (text === "GTC" || text === "IOC" || text === "FOK" || text === "PostOnly") return text;
  if (text === "RPI") return refuse(110119, "RPI orders are for approved makers only");
  return parameterError("timeInForce");
}

/**
 * Whole steps, cut down. "0" closes the position up to the largest order when the order is reduce-
 * only
 * and close-on-trigger. Null when malformed or not positive.
 */
function quantityOf(instrument: SimInstrument, body: Body): number | null {
  const text = textOf(body, "qty");
  if (text === "0" && flagOf(body, "reduceOnly") && flagOf(body, "closeOnTrigger")) {
    return textOf(body, "orderType") === "Market"
      ? instrument.maxMarketQtySteps
      : instrument.maxLimitQtySteps;
  }
  const quantity = text === "" ? null : parseFixed(text);
  if (quantity === null || quantity <= 0n) return null;
  const { decimals, unitMantissa } = instrument.qty;
  const step = BigInt(unitMantissa) * 10n ** BigInt(FIXED_DECIMALS - decimals);
  const steps = Number(quantity / step);
  return Number.isSafeInteger(steps) ? steps - (steps % instrument.stepLot) : null;
}

/** Reads optional fields and keeps the first problem. */
export class FieldReader {
  problem: Outcome | null = null;
  private readonly instrument: SimInstrument;
  private readonly body: Body;

  constructor(instrument: SimInstrument, body: Body) {
    this.instrument = instrument;
    this.body = body;
  }

  wrong(name: string): void {
    this.problem ??= parameterError(name);
  }

  /** Ticks of a price field, 0 when absent or "0". */
  ticks(name: string): number {
    const text = textOf(this.body, name);
    if (text === "") return 0;
    const ticks = toUnits(this.instrument.price, text);
    if (Number.isNaN(ticks) || ticks < 0 || ticks % this.instrument.tickLot !== 0) {
      this.wrong(name);
      return 0;
    }
    return ticks;
  }

  /** `{ [key]: ticks }` when the field is present, with 0 for "0". */
  optionalTicks<Key extends string>(name: string, key: Key): { [Name in Key]?: number } {
    if (textOf(this.body, name) === "") return {};
    return { [key]: this.ticks(name) } as { [Name in Key]?: number };
  }

  /** The same for a quantity field, in steps, refused off the step. */
  optionalSteps<Key extends string>(name: string, key: Key): { [Name in Key]?: number } {
    const text = textOf(this.body, name);
    if (text === "") return {};
    const steps = toUnits(this.instrument.qty, text);
    if (Number.isNaN(steps) || steps < 0) this.wrong(name);
    return { [key]: steps } as { [Name in Key]?: number };
  }

  choice<Key extends string, Value extends string>(
    name: Key,
    values: readonly Value[],
  ): { [Name in Key]?: Value } {
    const text = textOf(this.body, name);
    if (text === "") return {};
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) {
      this.wrong(name);
      return {};
    }
    return { [name]: value } as { [Name in Key]?: Value };
  }

  positionIdx(): { positionIdx?: 0 | 1 | 2 } {
    const text = textOf(this.body, "positionIdx");
    if (text === "") return {};
    if (text === "0" || text === "1" || text === "2") {
      return { positionIdx: text === "0" ? 0 : text === "1" ? 1 : 2 };
    }
    this.wrong("positionIdx");
    return {};
  }

  /** Trigger fields of a conditional order; a trigger price without a direction is refused. */
  triggers(): Partial<Pick<PlaceRequest, "triggerTicks" | "triggerDirection" | "triggerBy">> {
    const triggerTicks = this.ticks("triggerPrice");
    if (triggerTicks === 0) return {};
    const direction = textOf(this.body, "triggerDirection");
    if (direction !== "1" && direction !== "2") {
      this.wrong("triggerDirection");
      return {};
    }
    return {
      triggerTicks,
      triggerDirection: direction === "1" ? 1 : 2,
      ...this.choice("triggerBy", TRIGGERS),
    };
  }

  /** Attached take profit and stop loss. */
  protection(): Partial<PlaceRequest> {
    const takeProfitTicks = this.ticks("takeProfit");
    const stopLossTicks = this.ticks("stopLoss");
    if (takeProfitTicks === 0 && stopLossTicks === 0) return {};
    return {
      ...(takeProfitTicks === 0 ? {} : { takeProfitTicks }),
      ...(stopLossTicks === 0 ? {} : { stopLossTicks }),
      ...this.choice("tpTriggerBy", TRIGGERS),
      ...this.choice("slTriggerBy", TRIGGERS),
      ...this.choice("tpslMode", ["Full", "Partial"] as const),
      ...this.choice("tpOrderType", ["Market", "Limit"] as const),
      ...this.choice("slOrderType", ["Market", "Limit"] as const),
      ...this.optionalTicks("tpLimitPrice", "tpLimitTicks"),
      ...this.optionalTicks("slLimitPrice", "slLimitTicks"),
    };
  }
}

export const TRIGGERS: readonly TriggerBy[] = ["LastPrice", "MarkPrice", "IndexPrice"];
