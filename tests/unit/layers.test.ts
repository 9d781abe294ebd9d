/**
 * Conventions as tests, with the cure in the message: arrows between and inside folders, purity,
 * the one place that may approve an order. Sizes and names are held by tidy.test.ts.
 */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import {
  BANNED,
  EDGES,
  INNER,
  MAY_IMPORT,
  PURE,
  VENUE_NEUTRAL,
  VENUE_WORDS,
} from "./layers.data.ts";

const ROOT = resolve(import.meta.dir, "../..");
const SOURCES = [...new Bun.Glob("{src,views}/**/*.{ts,tsx}").scanSync(ROOT)].sort();

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/**
 * "src/venue/bybit/rest-client.ts" is in "venue"; files beside main.ts are the composition root.
 */
function folderOf(path: string): string {
  if (path.startsWith("views/")) return "views";
  const [, folder = "", rest] = path.split("/");
  return rest === undefined ? "root" : folder;
}

/** "src/venue/bybit/codec/sign.ts" stands in the corner "venue/bybit/codec"; null where none is. */
function cornerOf(path: string): string | null {
  const corners = Object.keys(INNER).filter((corner) => path.startsWith(`src/${corner}/`));
  return corners.sort((one, other) => other.length - one.length)[0] ?? null;
}

/** Relative imports of a file as paths from the root of the checkout. */
function importsOf(path: string): string[] {
  const found = read(path).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].map(([, target = ""]) => relative(ROOT, resolve(ROOT, dirname(path), target)));
}

/** Code without comments, so that prose may name what code may not. */
function codeOf(path: string): string {
  return read(path)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
}

describe("layers", () => {
  test("every source folder has a row in the table", () => {
    const folders = new Set(SOURCES.map(folderOf));
    const known = new Set([...Object.keys(MAY_IMPORT), "root", "app", "cli"]);
    expect([...folders].filter((folder) => !known.has(folder))).toEqual([]);
  });

  test("imports follow the arrows", () => {
    const wrong = SOURCES.flatMap((path) => {
      const folder = folderOf(path);
      const allowed = MAY_IMPORT[folder];
      if (allowed === undefined) return [];
      return importsOf(path)
        .filter((target) => {
          const other = folderOf(target);
          return other !== folder && !allowed.includes(other);
        })
        .map((target) => `${path}: ${folder}/ may import ${allowed.join(", ")}; found ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("no folder has a permission that it does not use", () => {
    const used = new Set(
      SOURCES.flatMap((path) =>
        importsOf(path).map((target) => `${folderOf(path)} → ${folderOf(target)}`),
      ),
    );
    const unused = Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) =>
      allowed.map((other) => `${folder} → ${other}`).filter((arrow) => !used.has(arrow)),
    );
    // Cure: take the folder out of the row in layers.data.ts.
    expect(unused).toEqual([]);
  });

  test("no edge imports another edge (cure: a port in src/runtime/ports)", () => {
    const wrong = EDGES.flatMap((edge) =>
      (MAY_IMPORT[edge] ?? [])
        .filter((other) => EDGES.includes(other))
        .map((other) => [edge, other]),
    );
    expect(wrong).toEqual([]);
  });

  test("imports inside a room follow its inner arrows, and every inner arrow is used", () => {
    const arrows = SOURCES.flatMap((path) => {
      const corner = cornerOf(path);
      return importsOf(path).flatMap((target) => {
        const other = cornerOf(target);
        const crosses = corner !== null && other !== null && corner !== other;
        return crosses && folderOf(path) === folderOf(target)
          ? [{ path, target, corner, other }]
          : [];
      });
    });
    const wrong = arrows
      .filter(({ corner, other }) => !INNER[corner]?.includes(other))
      .map(({ path, target, corner }) => {
        const allowed = INNER[corner]?.join(", ") || "nothing of its room";
        return `${path}: ${corner}/ may import ${allowed}; found ${target}`;
      });
    expect(wrong).toEqual([]);
    const used = new Set(arrows.map(({ corner, other }) => `${corner} → ${other}`));
    const unused = Object.entries(INNER).flatMap(([corner, allowed]) =>
      allowed.map((other) => `${corner} → ${other}`).filter((arrow) => !used.has(arrow)),
    );
    expect(unused).toEqual([]);
  });

  test("pure folders read no clock, chance, environment or I/O", () => {
    const wrong = SOURCES.filter((path) =>
      PURE.some((folder) => path.startsWith(`src/${folder}/`) || path.startsWith(`${folder}/`)),
    ).flatMap((path) => {
      const code = codeOf(path);
      return Object.entries(BANNED)
        .filter(([word]) => code.includes(word))
        .map(([word, cure]) => `${path}: ${word} is banned here, use ${cure}`);
    });
    expect(wrong).toEqual([]);
  });

  test("what every venue shares is written in no venue's words", () => {
    const files = SOURCES.filter((path) =>
      VENUE_NEUTRAL.some((folder) => path.startsWith(`src/${folder}/`)),
    );
    const said = files.flatMap((path) =>
      read(path)
        .split("\n")
        .flatMap((line, at) =>
          VENUE_WORDS.some((word) => word.test(line)) ? [`${path}:${at + 1}: ${line.trim()}`] : [],
        ),
    );
    expect(said).toEqual([]);
    expect(
      VENUE_WORDS.some((word) => word.test(read("src/venue/bybit/codec/fill-ticker.ts"))),
    ).toBe(true);
  });

  test("only the risk gate approves orders", () => {
    const callers = SOURCES.filter((path) => /\bapprove\(/.test(codeOf(path)));
    expect(callers).toEqual(["src/risk/approved.ts", "src/risk/gates.ts"]);
  });

  test("the simulator shares no codec with the adapter", () => {
    const shared = SOURCES.filter((path) => path.startsWith("src/simulator/")).flatMap((path) =>
      importsOf(path).filter((target) => target.startsWith("src/venue/")),
    );
    expect(shared).toEqual([]);
  });
});

describe("leftovers", () => {
  test("every source file is imported by another or is an entry point", () => {
    const entries = new Set([
      "src/main.ts",
      "src/simulator/worker.ts",
      "src/logs/search-worker.ts",
      "src/record/blotter-worker.ts",
      "src/web/embedded.d.ts",
    ]);
    const tests = [...new Bun.Glob("tests/**/*.{ts,tsx}").scanSync(ROOT)];
    const imported = new Set([...SOURCES, ...tests].flatMap(importsOf));
    expect(SOURCES.filter((path) => !imported.has(path) && !entries.has(path))).toEqual([]);
  });

  test("no FIXME or TODO is left", () => {
    expect(SOURCES.filter((path) => /\b(FIXME|TODO|XXX)\b/.test(read(path)))).toEqual([]);
  });
});
