/** Shapes of JSON messages: every path with the types seen there. Arrays are one path. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const FIXTURES = join(import.meta.dir, "../../../../shared/bybit/fixtures");
export const HAS_RECORDINGS = existsSync(FIXTURES);

type Shape = Map<string, Set<string>>;

export function shapeOf(values: readonly unknown[]): Shape {
  const shape: Shape = new Map();
  for (const value of values) visit(value, "", shape);
  return shape;
}

function visit(value: unknown, path: string, shape: Shape): void {
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (path !== "") {
    const types = shape.get(path) ?? new Set();
    shape.set(path, types.add(type));
  }
  if (Array.isArray(value)) for (const item of value) visit(item, `${path}[]`, shape);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      visit(item, path === "" ? key : `${path}.${key}`, shape);
    }
  }
}

/**
 * Lines `missing PATH`, `extra PATH`, `type PATH: recorded … ours …`. Parents imply their children.
 */
export function differences(recorded: Shape, ours: Shape): string[] {
  const lines: string[] = [];
  const hasParent = (path: string, shape: Shape): boolean => {
    const parent = path.endsWith("[]") ? path.slice(0, -2) : path.slice(0, path.lastIndexOf("."));
    return !path.includes(".") && !path.endsWith("[]") ? true : shape.has(parent);
  };
  for (const [path, types] of recorded) {
    const own = ours.get(path);
    if (own === undefined) {
      if (hasParent(path, ours)) lines.push(`missing ${path}`);
    } else if (![...types].some((type) => own.has(type))) {
      lines.push(`type ${path}: recorded ${[...types]}, ours ${[...own]}`);
    }
  }
  for (const path of ours.keys()) {
    if (!recorded.has(path) && hasParent(path, recorded)) lines.push(`extra ${path}`);
  }
  return lines.toSorted();
}

/** Messages of a fixture file: one JSON value, or one a line. */
export async function recordedMessages(path: string): Promise<unknown[]> {
  const text = await Bun.file(join(FIXTURES, path)).text();
  if (!path.endsWith(".jsonl")) return [JSON.parse(text)];
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}
