import { levelOf, lineTest } from "../../src/logs/log-filter.ts";
import type {
  LogHit,
  LogReader,
  LogSearchQuery,
  LogSearchStep,
  LogStepLimits,
} from "../../src/runtime/ports/log.ts";
import { COINS, FIXTURE_NOW_MS } from "./web-rows.ts";

type Content = Map<string, string[]>;
type Followers = Map<string, Set<(lines: readonly string[]) => void>>;

export function fixtureLogs(): {
  reader: LogReader;
  append: (file: string, lines: readonly string[]) => void;
} {
  const content = contentAtFirst();
  const followers: Followers = new Map();
  return {
    append(file, lines) {
      content.set(file, [...(content.get(file) ?? []), ...lines]);
      for (const follower of followers.get(file) ?? []) follower(lines);
    },
    reader: { ...pastOf(content), follow: followOf(followers) },
  };
}

function contentAtFirst(): Content {
  const texts = [
    "order placed",
    "order filled",
    "book quarantined",
    "profile saved",
    "quote moved <b>3</b> ticks",
  ];
  const engine = Array.from({ length: 400 }, (_, index) =>
    JSON.stringify({
      time: new Date(FIXTURE_NOW_MS - (400 - index) * 1_500).toISOString(),
      level: index % 23 === 0 ? "warn" : index % 91 === 0 ? "error" : "info",
      msg: texts[index % texts.length],
      symbol: `${COINS[index % 6]}USDT`,
      seq: index,
    }),
  );
  return new Map([
    ["engine.log", engine],
    ["access.log", ['{"level":"info","msg":"GET / 200"}']],
    ["trades.log", []],
  ]);
}

function pastOf(content: Content): Omit<LogReader, "follow"> {
  return {
    files: () =>
      [...content].map(([name, lines]) => ({
        name,
        bytes: lines.join("\n").length,
        modifiedAtMs: FIXTURE_NOW_MS - 400,
      })),
    tail({ file, lines }) {
      const all = content.get(file);
      return Promise.resolve(all === undefined ? null : placesOf(all).slice(-lines));
    },
    search: (query) => {
      const lines = content.get(query.file);
      if (lines === undefined) return null;
      return {
        next: (limits) => Promise.resolve(foundIn(lines, query, limits)),
        close: () => undefined,
      };
    },
    find: (query, limits) => {
      const lines = content.get(query.file);
      return Promise.resolve(lines === undefined ? null : foundIn(lines, query, limits));
    },
    around(file, offset, lines) {
      const placed = placesOf(content.get(file) ?? []);
      const at = placed.findLastIndex((hit) => hit.offset <= offset);
      if (at === -1) return Promise.resolve(null);
      const near = placed.slice(Math.max(0, at - lines), at + lines + 1);
      return Promise.resolve({ lines: near, fileBytes: (placed.at(-1)?.offset ?? 0) + 100 });
    },
  };
}

function followOf(followers: Followers): LogReader["follow"] {
  return (file, onNews, filter) => {
    const set = followers.get(file) ?? new Set();
    const { q = "" } = filter ?? {};
    const onLines = (lines: readonly string[]): void => {
      const kept = lines.filter((line) => line.includes(q));
      onNews(
        kept,
        kept.map((_, at) => at),
      );
    };
    set.add(onLines);
    followers.set(file, set);
    return () => {
      set.delete(onLines);
    };
  };
}

function placesOf(lines: readonly string[]): LogHit[] {
  let offset = 0;
  return lines.map((text) => {
    const hit = { offset, text };
    offset += Buffer.byteLength(text) + 1;
    return hit;
  });
}

/** As the product's search answers for a small file: all in one step. */
function foundIn(
  lines: readonly string[],
  { filter, order, before = Number.MAX_SAFE_INTEGER }: LogSearchQuery,
  { hitsMax }: LogStepLimits,
): LogSearchStep {
  const test = lineTest(filter);
  const { q = "", isRegex = false } = filter;
  const all = placesOf(lines).filter(
    ({ offset, text }) => offset < before && (isRegex || text.includes(q)) && test.fits(text),
  );
  const levels: Record<string, number> = {};
  for (const { text } of all) levels[levelOf(text)] = (levels[levelOf(text)] ?? 0) + 1;
  const matches = all.filter(({ text }) => test.hasLevel(levelOf(text)));
  const ordered = order === "newest" ? matches.reverse() : matches;
  const hits = ordered.slice(0, hitsMax);
  const bytes = lines.join("\n").length;
  return {
    hits,
    searchedBytes: bytes,
    totalBytes: bytes,
    fileBytes: bytes,
    lines: lines.length,
    matches: matches.length,
    before: hits.at(-1)?.offset ?? 0,
    levels,
    isDone: hits.length === ordered.length,
  };
}
