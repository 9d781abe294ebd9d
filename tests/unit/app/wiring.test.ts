/** What the settings and the record mean to the engine that is wired from them. */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppVenue } from "../../../src/app/app-venue.ts";
import { type Mode, modeOf } from "../../../src/app/mode.ts";
import { close, open, openRecord } from "../../../src/app/open.ts";
import { buildEngine, limitsOf, type RunningEngine } from "../../../src/app/trading.ts";
import { type Trading, wire, wireTrading } from "../../../src/app/wire.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { Config } from "../../../src/config/settings.ts";
import { systemClock, type VirtualClock, virtualClock } from "../../../src/runtime/clocks.ts";
import type { Clock } from "../../../src/runtime/ports/clock.ts";
import type { LogPort } from "../../../src/runtime/ports/log.ts";
import { emptyProfile } from "../../../src/universe/profile.ts";
import { commandOf } from "../../support/commands.ts";
import { newAccount } from "../../support/known-account.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { until } from "../../support/stub-exchange.ts";
import { instrumentOf, START_MS } from "../engine/tape.ts";
import { walletOf } from "../engine/tape-account.ts";
import { sampleFill, tell } from "../record/samples.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const SILENT: LogPort = { info: () => {}, warn: () => {}, error: () => {} };
const KEYS = { BYBIT_API_KEY: "key", BYBIT_API_SECRET: "secret" };

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true });
});

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "scalper-wiring-"));
  made.push(dir);
  return dir;
}

function settings(env: Record<string, string>): { config: Config; mode: Mode } {
  const parsed = parseConfig({ env, flags: {}, file: null, credentials: {} });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return { config: parsed.value.config, mode: modeOf(parsed.value.config) };
}

/** Everything that an engine waits for, from an account without anything on it. */
function makeReady({ accept }: RunningEngine, { nowMs }: Pick<Clock, "nowMs">): void {
  accept({ kind: "instruments", instruments: [instrumentOf(0)] });
  for (const feed of ["market", "private", "rest"] as const) {
    accept({ kind: "feed_status", feed, up: true, detail: "" });
  }
  accept({ kind: "account_identity", accountId: "1" });
  const atMs = nowMs();
  accept({
    kind: "account_snapshot",
    cause: "start-up",
    openOrders: [],
    positions: [],
    executions: [],
    wallet: walletOf("1000", atMs),
    unreadable: [],
    venueCounts: { openPositions: 0, openingOrders: 0 },
    requestedAtMs: atMs,
    requestedVenueAtMs: atMs,
  });
}

describe("settings", () => {
  const AMOUNTS = {
    SCALPER_ORDER_USDT_MAX: "31",
    SCALPER_SYMBOL_USDT_MAX: "62",
    SCALPER_EXPOSURE_USDT_MAX: "93",
  };

  test.each(["sim", "mainnet"])("the operator's amounts are the limits on %s", (venue) => {
    const { config, mode } = settings({ SCALPER_VENUE: venue, ...KEYS, ...AMOUNTS });
    expect(limitsOf(config, mode)).toMatchObject({
      orderNotionalUsdtMax: 31,
      symbolExposureUsdtMax: 62,
      totalExposureUsdtMax: 93,
    });
  });

  /** Ready, and two seconds later. */
  function engineOf(env: Record<string, string>): RunningEngine {
    const clock = virtualClock(START_MS);
    const engine = buildEngine({
      ...settings(env),
      runId: "r",
      installation: "a0b1c2d3",
      earlierRuns: new Set(),
      clock,
      readers: [],
      log: SILENT,
      keepTrading: () => {},
      openAccount: newAccount,
      venue: () => null,
      onFatal: (error) => {
        throw error;
      },
    });
    makeReady(engine, clock);
    clock.advanceTo(START_MS + 2_000);
    engine.stop();
    return engine;
  }

  test("the operator's number of symbols is what the universe keeps to", () => {
    const { universe } = engineOf({ SCALPER_ACTIVE_SYMBOLS_MAX: "3" }).view();
    expect(universe.parameters?.activeMax).toBe(3);
  });

  test("real money waits for a person, the simulator does not", () => {
    expect(engineOf({ SCALPER_VENUE: "sim" }).view().trading.state).toBe("on");
    const live = { SCALPER_VENUE: "mainnet", SCALPER_TRADING: "live", ...KEYS };
    expect(engineOf(live).view().trading).toMatchObject({ state: "halted", reason: "not armed" });
  });
});

describe("engine, record and venue", () => {
  interface Life {
    readonly trading: Trading;
    readonly clock: VirtualClock;
    readonly done: string[];
    end(): void;
  }

  /** A run on a data directory, with a venue that only notes that everything is cancelled. */
  function lifeIn(dataDir: string, startMs: number): Life {
    const clock = virtualClock(startMs);
    const place = { ...settings({ SCALPER_VENUE: "sim" }), clock, dataDir, logDir: dataDir };
    const { database, run } = openRecord(place);
    const done: string[] = [];
    const stub = { cancelAll: () => void done.push("cancel all") };
    const venue = { venue: () => stub } as unknown as AppVenue;
    const logs = { logger: () => SILENT, trade: SILENT, flushSync: () => {} };
    const onFatal = (text: string) => void done.push(text);
    const installation = "a0b1c2d3";
    const trading = wireTrading({ ...place, database, run, installation, logs, venue, onFatal });
    const end = () => {
      trading.engine.stop();
      trading.record.close();
      database.close();
    };
    return { trading, clock, done, end };
  }

  test("a lost invariant cancels everything at once, and ends the process a second later", () => {
    const life = lifeIn(tempDir(), START_MS);
    const { engine } = life.trading;
    engine.accept({ kind: "instruments", instruments: [instrumentOf(0)] });
    engine.accept({ kind: "account_identity", accountId: "1" });
    expect(life.done).toEqual([]);
    engine.accept({ kind: "instruments", instruments: [instrumentOf(7)] });
    expect(life.done).toEqual(["cancel all"]);
    life.clock.advanceTo(START_MS + 1_000);
    expect(life.done).toHaveLength(2);
    expect(life.done[1]).toStartWith("the engine lost an invariant while ");
    life.end();
  });

  test("what an earlier run learned of a symbol is known from the start", () => {
    const dir = tempDir();
    const first = lifeIn(dir, START_MS);
    first.trading.engine.accept({ kind: "instruments", instruments: [instrumentOf(0)] });
    first.trading.engine.accept({ kind: "account_identity", accountId: "1" });
    first.clock.advanceTo(START_MS + 500);
    const learned = { ...emptyProfile("A"), samples: 41, spreadBps: 7, updatedAtMs: START_MS };
    tell(first.trading.record, { kind: "profiles", profiles: [learned], isSampled: true });
    first.end();
    const second = lifeIn(dir, START_MS + 60_000);
    second.trading.engine.accept({ kind: "instruments", instruments: [instrumentOf(0)] });
    second.trading.engine.accept({ kind: "account_identity", accountId: "1" });
    second.clock.advanceTo(START_MS + 60_500);
    const known = second.trading.engine.view().profiles.get("A");
    expect(known).toMatchObject({ samples: 41, spreadBps: 7 });
    second.end();
  });
});

test("a record that cannot be written halts, and nobody resumes on it", async () => {
  const { config } = settings({ SCALPER_VENUE: "sim", SCALPER_DATA_DIR: tempDir() });
  const opened = open({ config, clock: systemClock });
  const environment = { notifySocket: undefined, watchdogUsec: undefined };
  const wired = wire(opened, { ...environment, onFatal: () => {} });
  const { engine, record, health } = wired;
  makeReady(engine, opened.clock);
  const isNow = (state: string) => () => engine.view().trading.state === state;
  await until(isNow("on"), "it trades");
  opened.database.sqlite.run("PRAGMA query_only = ON");
  tell(record, { kind: "fill", fill: sampleFill("e1"), isEarlier: false });
  expect(record.flush()).toBe(false);
  health.refresh();
  await until(isNow("halted"), "it halts");
  expect(engine.view().trading.reason).toContain("the record cannot be kept");
  engine.accept(commandOf("resume", { id: "on-a-dead-disk" }));
  const answer = () =>
    engine.view().interventions.find((one) => one.commandId === "on-a-dead-disk");
  await until(() => answer() !== undefined, "the command is answered");
  expect(answer()?.verdict).not.toBe("executed");
  expect(engine.view().trading.state).toBe("halted");
  health.stop();
  engine.stop();
  opened.database.sqlite.run("PRAGMA query_only = OFF");
  record.close();
  await close(opened, "for the test");
});
