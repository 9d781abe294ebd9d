/**
 * `scalper halt|resume|cancel|flatten|close|pause|status`: an operator on the engine's own machine,
 * without a session, over the socket in the data directory. It works while the web is dead, the
 * disk is full, or nobody can sign in. Each ends with a code of its own (exit-codes.ts).
 */
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { Status, Told } from "../control/protocol.ts";
import { ANSWER_MS_MAX, ControlClient, type Hello, NoAnswer } from "../control/socket-client.ts";
import type { OperatorAction } from "../domain/event.ts";
import { counted } from "../kernel/wording.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import { dataDirOf, type Flags } from "./load-config.ts";

interface Order {
  readonly action: OperatorAction;
  readonly symbol?: string | undefined;
}

interface Options {
  readonly reason?: string | undefined;
  readonly wait?: string | undefined;
  readonly json?: boolean | undefined;
}

const WAIT_S = 30;
const LOOK_EVERY_MS = 50;
const REASON_CHARS_MAX = 200;
/** Given up as undelivered before it could still be carried out. */
const LIFE_MS = ANSWER_MS_MAX;

/** Gives one command and waits until it is done, refused or out of time. */
export async function runOrder(order: Order, flags: Flags, options: Options): Promise<void> {
  const waitMs = waitMsOf(options.wait);
  const dataDir = resolve(dataDirOf(flags));
  const say = (text: string) => {
    if (options.json !== true) console.log(text);
  };
  const { client, hello } = await reach(dataDir, options);
  try {
    const { reason = "" } = options;
    const told = await give({ client, hello }, { ...order, reason }, { waitMs, say });
    if (options.json === true) console.log(JSON.stringify(told, null, 2));
    const code = codeOf(told);
    if (code !== EXIT.ok) throw new OperatorError(failureText(told, waitMs), code);
  } catch (error) {
    throw error instanceof NoAnswer ? unanswered(error, dataDir, "it may have arrived") : error;
  } finally {
    client.close();
  }
}

/** Prints the state of trading. */
export async function runStatus(flags: Flags, options: Options): Promise<void> {
  const dataDir = resolve(dataDirOf(flags));
  const { client, hello } = await reach(dataDir, options);
  client.close();
  const { hello: status, pid } = hello;
  if (options.json === true)
    console.log(JSON.stringify({ engine: "running", pid, ...status }, null, 2));
  else for (const line of statusLines(status, pid)) console.log(line);
}

async function reach(dataDir: string, options: Options) {
  try {
    return await ControlClient.open(dataDir);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (options.json === true) {
      const { silence: engine, message: detail } = error;
      console.log(JSON.stringify({ engine, dataDir, detail, pid: holderOf(dataDir) }, null, 2));
    }
    throw unanswered(error, dataDir, "nothing was sent");
  }
}

async function give(
  { client, hello }: { readonly client: ControlClient; readonly hello: Hello },
  order: Order & { readonly reason: string },
  { waitMs, say }: { readonly waitMs: number; readonly say: (text: string) => void },
): Promise<Told> {
  const id = `cli-${crypto.randomUUID()}`;
  const heardAtMs = performance.now();
  const { action, symbol = "", reason } = order;
  const answer = await client.ask({
    command: {
      id,
      action,
      symbol: symbol.toUpperCase(),
      by: userName(),
      reason: reason.slice(0, REASON_CHARS_MAX) || "no reason given",
      stamp: hello.stamp,
      sinceMs: performance.now() - heardAtMs,
      lifeMs: LIFE_MS,
    },
  });
  let told = toldIn(answer);
  let said = "";
  for (;;) {
    if (told.outcome !== said) say(`${nameOf(told)}: ${told.state}: ${told.outcome}`);
    said = told.outcome;
    if (told.state !== "accepted" || performance.now() - heardAtMs > waitMs) return told;
    await Bun.sleep(LOOK_EVERY_MS);
    told = toldIn(await client.ask({ look: id }));
  }
}

function toldIn(answer: Awaited<ReturnType<ControlClient["ask"]>>): Told {
  if ("told" in answer) return answer.told;
  const text = "fault" in answer ? answer.fault : "it does not know the command";
  throw new OperatorError(`the engine says: ${text}. Nothing was done.`, EXIT.undelivered);
}

const nameOf = ({ action, symbol }: Told): string =>
  symbol === "" ? action.replace("_", " + ") : `${action.replace("_symbol", "")} ${symbol}`;

function codeOf({ state }: Told): number {
  const codes = { done: EXIT.ok, accepted: EXIT.unfinished, refused: EXIT.refused } as const;
  return state === "expired" ? EXIT.undelivered : codes[state];
}

function failureText(told: Told, waitMs: number): string {
  const what = nameOf(told);
  if (told.state === "accepted") {
    const more = "It goes on; `scalper status` shows how far it is.";
    return `${what} was not done after ${waitMs / 1_000} s: ${told.outcome}. ${more}`;
  }
  if (told.state === "expired") return `${what} came too late: ${told.outcome}. Give it again.`;
  return `${what} is refused: ${told.outcome}. Nothing was done.`;
}

/** What a person must know, and can do, when nobody answers. */
function unanswered({ silence, message }: NoAnswer, dataDir: string, sent: string): OperatorError {
  const pid = holderOf(dataDir);
  const who = pid === null ? "The engine" : `Process ${pid}`;
  switch (silence) {
    case "absent":
      return new OperatorError(
        `no engine runs in ${dataDir} (${message}): nothing was done. ` +
          "Name the engine's own directory with --data-dir, or SCALPER_DATA_DIR.",
        EXIT.unavailable,
      );
    case "forbidden":
      return new OperatorError(
        `this user may not command the engine in ${dataDir} (${message}): nothing was done. ` +
          "Run this as the owner of the directory, for example with sudo.",
        EXIT.unavailable,
      );
    case "frozen":
      return new OperatorError(
        `the engine in ${dataDir} does not answer (${message}): ${sent}, and nothing will be ` +
          `carried out later. ${who} stands still: positions keep their stops at the venue. ` +
          `Wake it (kill -CONT ${pid ?? "PID"}), or end it (kill -KILL ${pid ?? "PID"}) and start ` +
          "it again, or close at the venue itself.",
        EXIT.undelivered,
      );
  }
}

/** The process that the directory's lease names; null when there is none to be read. */
function holderOf(dataDir: string): number | null {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(dataDir, "scalper.pid"), "utf8"));
    const pid =
      typeof holder === "object" && holder !== null && "pid" in holder ? holder.pid : null;
    return typeof pid === "number" ? pid : null;
  } catch {
    return null;
  }
}

function userName(): string {
  const { SUDO_USER, LOGNAME, USER } = process.env;
  const name = SUDO_USER ?? LOGNAME ?? USER ?? `user ${userInfo().uid}`;
  return `${name.replace(/[^0-9A-Za-z._@-]/g, "_").slice(0, 40)} (terminal)`;
}

function waitMsOf(text: string | undefined): number {
  const seconds = text === undefined ? WAIT_S : Number(text);
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= 3_600) return seconds * 1_000;
  throw new OperatorError(`--wait takes seconds from 0 to 3600; found "${text}"`, EXIT.usage);
}

function statusLines(status: Status, pid: number): string[] {
  const { trading, reason, mode, version, runId } = status;
  const lines = [
    `scalper ${version}, ${mode}, run ${runId}, process ${pid}`,
    `  trading    ${trading.toUpperCase()}${reason === "" ? "" : `: ${reason}`}`,
    `  health     ${status.health}${status.down.length === 0 ? "" : `: down ${status.down.join(", ")}`}`,
    `  orders     ${counted(status.openOrders, "live order")}`,
    `  positions  ${status.positions.length === 0 ? "none" : status.positions.length}`,
  ];
  for (const { symbol, side, qty, notionalUsdt } of status.positions) {
    lines.push(`    ${symbol} ${side} ${qty}, ${Number(notionalUsdt).toFixed(2)} USDT`);
  }
  for (const { symbol, kind, by } of status.symbolHalts) {
    lines.push(`  no entries ${symbol}: ${kind} by ${by}; scalper resume ${symbol}`);
  }
  const { underWay } = status;
  if (underWay !== null) lines.push(`  under way  ${underWay.action}: ${underWay.outcome}`);
  return lines;
}
