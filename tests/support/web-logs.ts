import type { LogReader } from "../../src/runtime/ports/log.ts";
import { COINS, FIXTURE_NOW_MS } from "./web-rows.ts";

export function fixtureLogs(): {
  reader: LogReader;
  append: (file: string, lines: readonly string[]) => void;
} {
  const texts = [
    "order placed",
    "order filled",
    "book quarantined",
    "profile saved",
    "quote moved <b>3</b> ticks",
  ];
  const content = new Map<string, string[]>([
    [
      "engine.log",
      Array.from({ length: 400 }, (_, index) =>
        JSON.stringify({
          time: new Date(FIXTURE_NOW_MS - (400 - index) * 1_500).toISOString(),
          level: index % 23 === 0 ? "warn" : index % 91 === 0 ? "error" : "info",
          msg: texts[index % texts.length],
          symbol: `${COINS[index % 6]}USDT`,
          seq: index,
        }),
      ),
    ],
    ["access.log", ['{"level":"info","msg":"GET / 200"}']],
    ["trades.log", []],
  ]);
  const followers = new Map<string, Set<(lines: readonly string[]) => void>>();
  return {
    append(file, lines) {
      content.set(file, [...(content.get(file) ?? []), ...lines]);
      for (const follower of followers.get(file) ?? []) follower(lines);
    },
    reader: {
      files: () =>
        [...content].map(([name, lines]) => ({
          name,
          bytes: lines.join("\n").length,
          modifiedAtMs: FIXTURE_NOW_MS - 400,
        })),
      tail({ file, lines, q }) {
        const all = content.get(file);
        if (all === undefined) return Promise.resolve(null);
        return Promise.resolve(
          all.filter((line) => q === undefined || line.includes(q)).slice(-lines),
        );
      },
      follow(file, onLines) {
        const set = followers.get(file) ?? new Set();
        set.add(onLines);
        followers.set(file, set);
        return () => {
          set.delete(onLines);
        };
      },
    },
  };
}
