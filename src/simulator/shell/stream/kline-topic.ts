/**
 * Bar streams: the running bar once a second while it changes; at the border one message with the
 * closed bar and the new one (linear) or two messages (spot), a little after the border.
 */
import { trimZeros } from "../../../kernel/decimal.ts";
import type { Bar } from "../../market/bars.ts";
import { barStart, nextBarStart } from "../../market/bars.ts";
import type { SimVenue } from "../../world/world.ts";
import { volumeText } from "../rest/kline-routes.ts";
import { floatText, priceText } from "../wire/text.ts";
import type { Peer } from "./peer.ts";
import { type PublicTopic, sendAll } from "./topic.ts";

const KLINE_PUSH_MS = 1_000;
/** The closed bar is sent this long after its end. */
const CLOSE_DELAY_MS = 400;

export class KlineTopic implements PublicTopic {
  readonly name: string;
  readonly peers = new Set<Peer>();
  private readonly venue: SimVenue;
  private readonly index: number;
  private readonly interval: string;
  private readonly spot: boolean;
  private startMs = 0;
  private toldTape = -1;
  private dueMs = 0;

  constructor(
    venue: SimVenue,
    options: { name: string; index: number; interval: string; spot: boolean },
  ) {
    this.venue = venue;
    this.name = options.name;
    this.index = options.index;
    this.interval = options.interval;
    this.spot = options.spot;
  }

  welcome(peer: Peer, nowMs: number): void {
    if (this.peers.size === 0) this.startMs = barStart(this.interval, nowMs);
    peer.push(this.name, this.frame([this.item(this.startMs, false, nowMs)], nowMs));
  }

  tick(nowMs: number): void {
    if (nowMs < this.dueMs) return;
    const endMs = nextBarStart(this.interval, this.startMs);
    if (nowMs >= endMs) {
      if (nowMs >= endMs + CLOSE_DELAY_MS) this.close(nowMs);
      return;
    }
    const tape = this.venue.tape.of(this.index).version;
    if (tape === this.toldTape) return;
    this.toldTape = tape;
    this.dueMs = nowMs + KLINE_PUSH_MS;
    sendAll(this, this.frame([this.item(this.startMs, false, nowMs)], nowMs));
  }

  private close(nowMs: number): void {
    const closed = this.item(this.startMs, true, nowMs);
    this.startMs = barStart(this.interval, nowMs);
    this.dueMs = nowMs + KLINE_PUSH_MS;
    const fresh = this.item(this.startMs, false, nowMs);
    if (!this.spot) sendAll(this, this.frame([closed, fresh], nowMs));
    else for (const item of [closed, fresh]) sendAll(this, this.frame([item], nowMs));
  }

  private item(startMs: number, confirm: boolean, nowMs: number): string {
    const tape = this.venue.tape.of(this.index);
    tape.bars.roll(nowMs);
    const instrument = this.venue.instrumentAt(this.index);
    const bar: Bar = tape.bars.bar(this.interval, startMs, nowMs);
    const price = (value: number): string => trimZeros(priceText(instrument, tape.ticksOf(value)));
    return JSON.stringify({
      start: startMs,
      end: nextBarStart(this.interval, startMs) - 1,
      interval: this.interval,
      open: price(bar.open),
      close: price(bar.close),
      high: price(bar.high),
      low: price(bar.low),
      volume: trimZeros(volumeText(instrument, bar.volume)),
      turnover: trimZeros(floatText(bar.turnover, 4)),
      confirm,
      timestamp: nowMs,
    });
  }

  private frame(items: readonly string[], nowMs: number): string {
    const data = `"data":[${items.join(",")}]`;
    if (this.spot) return `{"type":"snapshot","topic":"${this.name}",${data},"ts":${nowMs}}`;
    return `{"topic":"${this.name}",${data},"ts":${nowMs},"type":"snapshot"}`;
  }
}
