/**
 * `scalper check`: looks at everything a start needs, changes nothing that lasts, and names each
 * thing as ok or with its cure. Trades nothing.
 */

import { accessSync, constants, existsSync, mkdirSync, readdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { modeOf } from "../app/mode.ts";
import type { Config } from "../config/settings.ts";
import { MIGRATIONS_DIR, STATIC_DIR } from "../embedded.ts";
import { isRecord } from "../kernel/json.ts";
import { errorText } from "../kernel/wording.ts";
import { systemClock } from "../runtime/clocks.ts";
import { openDatabase } from "../store/database.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Logs rotate within their cap; the database grows by about 100 MB in a busy month. */
const FREE_BYTES_MIN = 512 * 1024 * 1024;
const VENUE_MS_MAX = 5_000;
/** The venue refuses a clock that is one second fast (Bybit v5, integration guidance). */
const CLOCK_OFF_MS_MAX = 900;

export async function runCheck(flags: Flags): Promise<void> {
  const config = configOrThrow(flags);
  const findings = [
    { name: "settings", ok: true, detail: `venue ${config.venue}, trading ${config.trading}` },
    assets(),
    await directory(config),
    database(config),
    ...(await ports(config)),
    await venue(config),
  ];
  for (const { name, ok, detail } of findings) {
    console.log(`${ok ? "ok  " : "BAD "} ${name.padEnd(12)} ${detail}`);
  }
  const bad = findings.filter(({ ok }) => !ok);
  if (bad.length > 0) {
    throw new OperatorError(
      `${bad.length} of ${findings.length} checks failed; \`scalper serve\` would not run well.`,
      EXIT.unavailable,
    );
  }
}

function assets(): Finding {
  const ok = existsSync(STATIC_DIR) && existsSync(MIGRATIONS_DIR);
  const detail = ok
    ? `${readdirSync(STATIC_DIR).length} static files, migrations present`
    : "static files or migrations are missing from this build";
  return { name: "assets", ok, detail };
}

async function directory(config: Config): Promise<Finding> {
  const dir = resolve(config.dataDir);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK);
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    const megabytes = Math.round(free / 1024 / 1024);
    return { name: "data", ok: free > FREE_BYTES_MIN, detail: `${dir}, ${megabytes} MB free` };
  } catch (error) {
    return { name: "data", ok: false, detail: `${dir} cannot be written: ${errorText(error)}` };
  }
}

function database(config: Config): Finding {
  const name = "database";
  try {
    const opened = openDatabase({
      path: join(config.dataDir, "scalper.db"),
      migrationsDir: MIGRATIONS_DIR,
      nowMs: () => systemClock.nowMs(),
      as: "tool",
    });
    const row = opened.sqlite
      .query<{ integrity_check: string }, []>("PRAGMA integrity_check")
      .get();
    opened.close();
    const verdict = row?.integrity_check ?? "no answer";
    return { name, ok: verdict === "ok", detail: `integrity ${verdict}` };
  } catch (error) {
    return { name, ok: false, detail: errorText(error) };
  }
}

async function ports(config: Config): Promise<Finding[]> {
  const wanted = [
    ["dashboard", config.host, config.httpPort],
    ["monitor", "127.0.0.1", config.monitorPort],
    ...(modeOf(config).endpoints === null
      ? [["exchange", "127.0.0.1", config.simPort] as const]
      : []),
  ] as const;
  const findings: Finding[] = [];
  for (const [name, host, port] of wanted) {
    try {
      const server = Bun.serve({ hostname: host, port, fetch: () => new Response("") });
      await server.stop(true);
      findings.push({ name, ok: true, detail: `${host}:${port} is free` });
    } catch {
      const detail = `${host}:${port} is taken: is scalper running already? Else choose another port`;
      findings.push({ name, ok: false, detail });
    }
  }
  return findings;
}

async function venue(config: Config): Promise<Finding> {
  const name = "venue";
  const { endpoints } = modeOf(config);
  if (endpoints === null) return { name, ok: true, detail: "embedded exchange, nothing to reach" };
  const url = `${endpoints.restUrl}/v5/market/time`;
  try {
    const sentAtMs = systemClock.nowMs();
    const answer = await fetch(url, { signal: AbortSignal.timeout(VENUE_MS_MAX) });
    const body: unknown = await answer.json();
    const tookMs = systemClock.nowMs() - sentAtMs;
    if (!isRecord(body) || typeof body.time !== "number") {
      return { name, ok: false, detail: `${url} answered ${answer.status} without a time` };
    }
    const offMs = Math.round(body.time - (sentAtMs + tookMs / 2));
    const detail = `${endpoints.restUrl} answers in ${tookMs} ms; our clock is off by ${-offMs} ms`;
    return { name, ok: Math.abs(offMs) < CLOCK_OFF_MS_MAX, detail };
  } catch (error) {
    return { name, ok: false, detail: `${url} cannot be reached: ${errorText(error)}` };
  }
}
