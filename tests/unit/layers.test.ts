/**
 * Conventions as tests, with the cure in the message: arrows between folders, purity, sizes, the
 * one place that may approve an order, words that have no place in the product.
 */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { BANNED, MAY_IMPORT, PURE } from "./layers.data.ts";

const ROOT = resolve(import.meta.dir, "../..");
const SOURCES = [...new Bun.Glob("{src,views}/**/*.{ts,tsx}").scanSync(ROOT)].sort();
const FILE_LINES_MAX = 500;

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** "src/venue/bybit/rest-client.ts" is in "venue"; files beside main.ts are the composition root. */
function folderOf(path: string): string {
  if (path.startsWith("views/")) return "views";
  const [, folder = "", rest] = path.split("/");
  return rest === undefined ? "root" : folder;
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

describe("sizes", () => {
  test(`no source file has more than ${FILE_LINES_MAX} lines`, () => {
    const long = SOURCES.map((path) => ({ path, lines: read(path).split("\n").length })).filter(
      ({ lines }) => lines > FILE_LINES_MAX,
    );
    expect(long).toEqual([]);
  });

  test("every source file is imported by another or is an entry point", () => {
    const entries = new Set(["src/main.ts", "src/simulator/worker.ts", "src/web/embedded.d.ts"]);
    const tests = [...new Bun.Glob("tests/**/*.{ts,tsx}").scanSync(ROOT)];
    const imported = new Set([...SOURCES, ...tests].flatMap(importsOf));
    expect(SOURCES.filter((path) => !imported.has(path) && !entries.has(path))).toEqual([]);
  });

  test("no FIXME or TODO is left", () => {
    expect(SOURCES.filter((path) => /\b(FIXME|TODO|XXX)\b/.test(read(path)))).toEqual([]);
  });
});
