/** @jsxImportSource hono/jsx */
/**
 * The status bar's standing answer to: which money, is it trading, is the market heard, is anything
 * ill, what time is it.
 */
import { tradingNow } from "../../src/monitor/trading-now.ts";
import type { ModeLabel } from "../../src/monitor/view.ts";
import { clockUtc, duration, fixed, NONE } from "../format.ts";
import { Badge, type Html, type Tone } from "../html.tsx";
import { type Model, VIEW_AGE_MS_MAX } from "../page-model.ts";
import { region } from "../region.tsx";
import { V, valueIn } from "../value.tsx";

const MODE_TONE: Readonly<Record<ModeLabel, Tone>> = {
  SIM: "info",
  PAPER: "info",
  DEMO: "info",
  TESTNET: "info",
  LIVE: "bad",
};

/** What a restart does to an account that lives in this process. */
const ACCOUNT_NOTE: Readonly<Partial<Record<ModeLabel, string>>> = {
  PAPER: "; the paper account starts anew, flat and with a fresh wallet, with every start",
};

export const HEALTH_TONE = { ok: "good", degraded: "warn", down: "bad" } as const;

export const status = region("status", Status, "status");
/** What the operator must not overlook. */
export const banner = region("banner", Banner, "banners");

/** What a stopped symbol is called where there is little room. */
const HALT_WORDS = { halted: "stopped", closing: "being closed", closed: "closed" } as const;

function Status({ run, view, health, nowMs, stamp }: Model): Html {
  const { mode } = run;
  const { state, reason } = view.trading;
  const trading = tradingNow(view, nowMs);
  return (
    <>
      <Badge
        tone={MODE_TONE[mode]}
        title={`Venue ${run.venue}, trading ${run.trading}${ACCOUNT_NOTE[mode] ?? ""}`}
      >
        {mode}
      </Badge>
      <span id="trading-state" data-state={state} role="status" aria-label="Trading">
        <Badge tone={trading.tone} title={reason}>
          <span aria-hidden="true">{trading.icon} </span>
          {trading.label}
        </Badge>
      </span>
      <Feed view={view} health={health} />
      <Ill health={health} />
      <span id="server-stamp" {...valueIn("stamp", "data-stamp", stamp)} hidden />
      <span class="clock num" id="clock">
        <V id="clock">{clockUtc(nowMs)}</V>
        <small> UTC</small>
      </span>
    </>
  );
}

/** From here on the newest market message is late, and from there on the market is not heard. */
const FEED_AGE_MS = { warn: 2_000, bad: 5_000 };

/** How old the newest market message is, and how many books can be traded on. */
function Feed({ view, health }: Pick<Model, "view" | "health">) {
  const { marketAgeMs, booksLive, booksQuarantined } = view.counters;
  const isDown = view.feeds.market?.up === false || marketAgeMs > FEED_AGE_MS.bad;
  const isLate = marketAgeMs > FEED_AGE_MS.warn || booksQuarantined > 0;
  const tone = view.seq === 0 ? "mute" : isDown ? "bad" : isLate ? "warn" : "good";
  return (
    <a class="health-link" href="/health" title={`Health: ${health.status}`}>
      <Badge tone={tone}>
        feed <V id="feed-age">{view.seq === 0 ? NONE : duration(marketAgeMs)}</V>
        <span class="roomy-only">
          {" · "}books{" "}
          <V id="books">{`${fixed(booksLive, 0)}/${fixed(booksLive + booksQuarantined, 0)}`}</V>
        </span>
      </Badge>
    </a>
  );
}

/** The worst service by name; nothing while all are well. Without storage nothing is traded. */
function Ill({ health }: Pick<Model, "health">) {
  const ill = health.services.filter(({ status }) => status !== "ok");
  const worst =
    ill.find(({ name, status }) => name === "storage" && status === "down") ??
    ill.find(({ status }) => status === "down") ??
    ill[0];
  if (worst === undefined) return null;
  const more = ill.length === 1 ? "" : ` +${ill.length - 1}`;
  return (
    <a class="health-link ill" href="/health" title={shortened(worst.detail)}>
      <Badge tone={HEALTH_TONE[worst.status]}>
        {worst.name} {worst.status}
        {more}
      </Badge>
    </a>
  );
}

/** Nothing when all is well. */
function Banner({ view, health, nowMs }: Model): Html {
  const ageMs = nowMs - view.atMs;
  const isStale = view.seq > 0 && ageMs > VIEW_AGE_MS_MAX;
  const down = health.services.filter((service) => service.status === "down");
  return (
    <>
      {view.seq === 0 ? (
        <p class="banner warn">Starting: the engine has not reported yet.</p>
      ) : null}
      {isStale ? (
        <p class="banner bad">
          The engine has been silent for {duration(Math.floor(ageMs / 1000) * 1000)}: every price
          and P&amp;L below is old.
        </p>
      ) : null}
      {view.trading.state === "halted" ? (
        <p class="banner bad">
          <strong>Trading is halted:</strong> {view.trading.reason} (exits and stops stay possible)
        </p>
      ) : null}
      {view.trading.state === "on" && view.trading.reason !== "" ? (
        <p class="banner warn">
          <strong>Trading is on, but:</strong> {view.trading.reason}
        </p>
      ) : null}
      {view.symbolHalts.length === 0 ? null : (
        <p class="banner warn">
          <strong>No entries:</strong>{" "}
          {view.symbolHalts
            .map(({ symbol, kind, by }) => `${symbol} (${HALT_WORDS[kind]} by ${by})`)
            .join(", ")}
        </p>
      )}
      {down.length === 0 ? null : (
        <p class="banner bad">
          Down: {down.map(({ name, detail }) => `${name} (${shortened(detail)})`).join(", ")}
        </p>
      )}
    </>
  );
}

/** Eight services can be down at once, and below the banner stands what the operator can do. */
const DETAIL_CHARS_MAX = 100;

function shortened(detail: string): string {
  return detail.length <= DETAIL_CHARS_MAX ? detail : `${detail.slice(0, DETAIL_CHARS_MAX)}…`;
}
