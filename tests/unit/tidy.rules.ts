/**
 * The rules of the tidy test: each finds what breaks it and says the cure.
 *
 * A finding has a key without line numbers, so that the ratchet (tidy.ratchet.json: what stood when
 * a rule came, by rule and key) outlives edits around it. The ratchet may only shrink.
 */

import { basename } from "node:path";
import {
  CODECS,
  COMMENT_COLUMNS_MAX,
  FILE_LINES_MAX,
  FOR_TESTS,
  FUNCTION_LINES_MAX,
  PARAMETERS_MAX,
  REPEATED_NAMES,
  STATE_DOORS,
  TWINS,
  WHOLE_STATES,
} from "./tidy.data.ts";
import type { FileFacts } from "./tidy.facts.ts";

interface Finding {
  readonly key: string;
  /** Where it is, what was found, and what to do about it. */
  readonly text: string;
}

interface Rule {
  readonly name: string;
  readonly find: (files: readonly FileFacts[]) => readonly Finding[];
}

export type Ratchet = Readonly<Record<string, Readonly<Record<string, number>>>>;

const isTest = ({ path }: FileFacts) => path.startsWith("tests/");
const isSource = (file: FileFacts) => !isTest(file);

export const RULES: readonly Rule[] = [
  { name: `no function is longer than ${FUNCTION_LINES_MAX} lines`, find: longFunctions },
  { name: `no function takes more than ${PARAMETERS_MAX} parameters`, find: manyParameters },
  { name: "no function takes the whole state of the engine", find: wholeStates },
  { name: `no file is longer than ${FILE_LINES_MAX} lines`, find: longFiles },
  { name: "no imports run in a circle, not even by type", find: cycles },
  { name: "every export is imported by somebody", find: unusedExports },
  { name: "nothing lives for its tests alone", find: testOnlyExports },
  { name: `no comment is wider than ${COMMENT_COLUMNS_MAX} columns`, find: wideComments },
  { name: "no cast stands outside a codec", find: casts },
  { name: "one class name means one class", find: repeatedClasses },
  { name: "one file name means one thing", find: repeatedFileNames },
];

function longFunctions(files: readonly FileFacts[]): Finding[] {
  return files.flatMap((file) =>
    file.functions
      // The body of a describe is a chapter, not a function.
      .filter(({ isCallback }) => isSource(file) || !isCallback)
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ name, line, lines }) => ({
        key: `${file.path}#${name}`,
        text: `${file.path}:${line}: ${name} has ${lines} lines; part it by what it does`,
      })),
  );
}

function manyParameters(files: readonly FileFacts[]): Finding[] {
  return files.flatMap((file) =>
    file.functions
      .filter(({ parameters }) => parameters > PARAMETERS_MAX)
      .map(({ name, line, parameters }) => ({
        key: `${file.path}#${name}`,
        text: `${file.path}:${line}: ${name} takes ${parameters} parameters; hand over an object`,
      })),
  );
}

function wholeStates(files: readonly FileFacts[]): Finding[] {
  return files
    .filter(({ path }) => path.startsWith("src/engine/"))
    .flatMap(({ path, functions }) =>
      functions
        .filter(({ name }) => !STATE_DOORS.includes(`${path}#${name}`))
        .flatMap(({ name, line, parameterTypes }) =>
          WHOLE_STATES.filter((whole) => parameterTypes.includes(whole)).map((whole) => ({
            key: `${path}#${name} takes ${whole}`,
            text:
              `${path}:${line}: ${name} takes ${whole}; ` +
              "hand it the parts of src/engine/state-parts.ts that it may touch",
          })),
        ),
    );
}

function longFiles(files: readonly FileFacts[]): Finding[] {
  return files
    .filter(({ lines }) => lines.length - 1 > FILE_LINES_MAX)
    .map(({ path, lines }) => ({
      key: path,
      text: `${path}: ${lines.length - 1} lines; give the second idea a file of its own`,
    }));
}

/** Strongly connected groups of the import graph (Tarjan). */
function cycles(files: readonly FileFacts[]): Finding[] {
  const edges = new Map(files.map(({ path, imports }) => [path, imports]));
  const index = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const visit = (path: string): number => {
    const own = index.size;
    index.set(path, own);
    stack.push(path);
    let lowest = own;
    for (const { target } of edges.get(path) ?? []) {
      if (!edges.has(target)) continue;
      if (!index.has(target)) lowest = Math.min(lowest, visit(target));
      else if (stack.includes(target)) lowest = Math.min(lowest, index.get(target) ?? own);
    }
    if (lowest === own) {
      const group = stack.splice(stack.indexOf(path)).sort();
      if (group.length > 1) groups.push(group);
    }
    return lowest;
  };
  for (const { path } of files) if (!index.has(path)) visit(path);
  return groups.map((group) => ({
    key: group.join(" ↔ "),
    text: `${group.join(" ↔ ")}: move what both need into a third file`,
  }));
}

/** Who takes a name: "path#name", and "path#*" where a whole module is taken. */
function takenBy(files: readonly FileFacts[]): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ imports }) =>
      imports.flatMap(({ target, names }) => (names ?? ["*"]).map((name) => `${target}#${name}`)),
    ),
  );
}

function unusedExports(files: readonly FileFacts[]): Finding[] {
  const taken = takenBy(files);
  return files.flatMap(({ path, exports }) =>
    exports
      .filter(({ name }) => !taken.has(`${path}#${name}`) && !taken.has(`${path}#*`))
      .map(({ name, line, isUsedAtHome }) => ({
        key: `${path}#${name}`,
        text: `${path}:${line}: nobody imports ${name}; ${isUsedAtHome ? "drop the word export" : "delete it"}`,
      })),
  );
}

function testOnlyExports(files: readonly FileFacts[]): Finding[] {
  const sources = files.filter(isSource);
  const taken = takenBy(sources);
  const tested = takenBy(files.filter(isTest));
  return sources.flatMap(({ path, exports }) =>
    exports
      .filter(({ name, isUsedAtHome }) => !isUsedAtHome && tested.has(`${path}#${name}`))
      .filter(({ name }) => !Object.hasOwn(FOR_TESTS, `${path}#${name}`))
      .filter(({ name }) => !taken.has(`${path}#${name}`) && !taken.has(`${path}#*`))
      .map(({ name, line }) => ({
        key: `${path}#${name}`,
        text: `${path}:${line}: only tests use ${name}; move it to tests/support or delete it`,
      })),
  );
}

function wideComments(files: readonly FileFacts[]): Finding[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((text, at) =>
      text.length > COMMENT_COLUMNS_MAX && /^\s*(\/\/|\/?\*)/.test(text)
        ? [{ key: path, text: `${path}:${at + 1}: ${text.length} columns; wrap it` }]
        : [],
    ),
  );
}

function casts(files: readonly FileFacts[]): Finding[] {
  return files
    .filter((file) => isSource(file) && !CODECS.some((codec) => file.path.startsWith(codec)))
    .flatMap(({ path, casts }) =>
      casts.map(({ type, line }) => ({
        key: path,
        text:
          `${path}:${line}: "as ${type}"; compute with domain/units.ts (addSteps, subTicks, …), ` +
          "narrow with a guard, or parse at the border",
      })),
    );
}

function repeatedClasses(files: readonly FileFacts[]): Finding[] {
  const homes = Map.groupBy(
    files
      .filter(isSource)
      .flatMap(({ path, classes }) => classes.map(({ name }) => ({ name, path }))),
    ({ name }) => name,
  );
  return [...homes]
    .filter(([, places]) => places.length > 1)
    .map(([name, places]) => ({
      key: name,
      text: `${name} is a class in ${places.map(({ path }) => path).join(" and ")}; rename the less central one`,
    }));
}

function repeatedFileNames(files: readonly FileFacts[]): Finding[] {
  const homes = Map.groupBy(files.filter(isSource), ({ path }) => basename(path));
  return [...homes]
    .filter(([name, places]) => places.length > 1 && !Object.hasOwn(REPEATED_NAMES, name))
    .filter(([, places]) => !areTwins(places.map(({ path }) => path)))
    .map(([name, places]) => ({
      key: name,
      text:
        `${places.map(({ path }) => path).join(" and ")} share a name; say what each is about, ` +
        "or give the reason in REPEATED_NAMES of tests/unit/tidy.data.ts",
    }));
}

function areTwins(paths: readonly string[]): boolean {
  return (
    paths.length === 2 && TWINS.every((folder) => paths.some((path) => path.startsWith(folder)))
  );
}

/** Findings that the ratchet does not forgive. */
export function beyond(rule: Rule, findings: readonly Finding[], ratchet: Ratchet): string[] {
  const forgiven = ratchet[rule.name] ?? {};
  return [...Map.groupBy(findings, ({ key }) => key)].flatMap(([key, group]) =>
    group.length > (forgiven[key] ?? 0) ? group.map(({ text }) => text) : [],
  );
}

/** The ratchet without what is no longer there; it never grows. */
export function shrunk(files: readonly FileFacts[], ratchet: Ratchet): Ratchet {
  const rows = RULES.map((rule) => {
    const counts = Map.groupBy(rule.find(files), ({ key }) => key);
    const kept = Object.entries(ratchet[rule.name] ?? {})
      .map(([key, count]) => [key, Math.min(count, counts.get(key)?.length ?? 0)] as const)
      .filter(([, count]) => count > 0);
    return [rule.name, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(rows.filter(([, kept]) => Object.keys(kept).length > 0));
}
