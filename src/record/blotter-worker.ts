/**
 * The blotter's own thread: reads the record by a connection of its own, so that a question about a
 * million rows costs the trading loop nothing. Questions take turns, a window of rows each.
 *
 * In: `{kind: "open", path}` once, then questions with an id. Out: an answer, or a part of a text,
 * or why not, with the same id.
 */
import { Database } from "bun:sqlite";
import type { Format } from "../blotter/cells.ts";
import type { ListQuery, PageWanted } from "../blotter/rows.ts";
import { errorText } from "../kernel/wording.ts";
import { systemClock } from "../runtime/clocks.ts";
import { pageOf, type Source, storyOf, textOf, totals } from "./blotter-lists.ts";
import { createMoneyReader } from "./money-reader.ts";

export type Question =
  | { readonly kind: "page"; readonly query: ListQuery; readonly wanted: PageWanted }
  | { readonly kind: "totals"; readonly query: ListQuery }
  | { readonly kind: "order"; readonly orderId: string }
  | { readonly kind: "text"; readonly query: ListQuery; readonly format: Format };

interface Asking {
  readonly kind: "ask";
  readonly id: number;
  readonly accountKey: string;
  readonly question: Question;
}

export type BlotterRequest =
  | { readonly kind: "open"; readonly path: string; readonly timeZone: string }
  | Asking
  /** The next part of a text. */
  | { readonly kind: "next"; readonly id: number }
  | { readonly kind: "close"; readonly id: number };

export type BlotterAnswer =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "part"; readonly id: number; readonly text: string | null }
  | { readonly kind: "failed"; readonly id: number; readonly text: string };

/** A part of a text holds about this many characters, so that few messages carry it. */
const PART_CHARS = 128 * 1024;
/** What this connection keeps in memory of the database. */
const CACHE_KIB = 4_096;
/** A checkpoint of the engine's may be under way. */
const BUSY_MS_MAX = 2_000;

declare const self: Worker;

let database: Source | null = null;
/** Whose round trips are read; set with each question. */
let accountKey = "";
const open = new Set<number>();
const texts = new Map<number, Generator<string>>();

self.onmessage = ({ data }: MessageEvent<BlotterRequest>) => {
  if (data.kind === "open") {
    database = sourceOf(connect(data.path), data.timeZone);
    return;
  }
  if (data.kind === "close") {
    open.delete(data.id);
    texts.delete(data.id);
    return;
  }
  const { id } = data;
  const work = data.kind === "ask" ? answer(data) : nextPart(id);
  work.catch((error: unknown) => report({ kind: "failed", id, text: errorText(error) }));
};

function connect(path: string): Database {
  const sqlite = new Database(path, { readonly: true });
  sqlite.run(`PRAGMA busy_timeout = ${BUSY_MS_MAX}`);
  sqlite.run(`PRAGMA cache_size = -${CACHE_KIB}`);
  return sqlite;
}

function sourceOf(sqlite: Database, timeZone: string): Source {
  const { roundTrips } = createMoneyReader({
    database: { sqlite },
    accountKey: () => accountKey,
    timeZone,
    nowMs: () => systemClock.nowMs(),
  });
  return { sqlite, roundTrips };
}

async function answer({ id, accountKey: key, question }: Asking): Promise<void> {
  if (database === null) throw new Error("the record is not open");
  // One process has one account: it is empty before it is known, and then stays.
  accountKey = key;
  if (question.kind === "order") {
    const value = storyOf(database, accountKey, question.orderId);
    return report({ kind: "answer", id, value });
  }
  open.add(id);
  const query = { ...question.query, accountKey };
  if (question.kind === "text") {
    texts.set(id, textOf(database, query, question.format));
    return;
  }
  const work =
    question.kind === "page" ? pageOf(database, query, question.wanted) : totals(database, query);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      open.delete(id);
      return report({ kind: "answer", id, value });
    }
    await rest();
    if (!open.has(id)) return;
  }
}

/** Others are heard between two windows. */
const rest = (): Promise<void> => Bun.sleep(0);

async function nextPart(id: number): Promise<void> {
  const text = texts.get(id);
  if (text === undefined) throw new Error("the text was closed");
  let part = "";
  while (part.length < PART_CHARS) {
    const { done, value } = text.next();
    if (done === true) {
      texts.set(id, nothingMore());
      return report({ kind: "part", id, text: part === "" ? null : part });
    }
    part += value;
    await rest();
    if (!texts.has(id)) return;
  }
  report({ kind: "part", id, text: part });
}

/** After the last part: the end, however often it is asked for. */
function* nothingMore(): Generator<string> {}

function report(message: BlotterAnswer): void {
  self.postMessage(message);
}
