/**
 * Filter text to terms and back. What is not understood is never left out: an answer to another
 * question would look like an answer. The problem names the term, says what it takes, and the text
 * stays as it was written.
 */
import { type Fixed, parseFixed } from "../kernel/fixed.ts";
import { failure, type Result, success } from "../kernel/result.ts";
import {
  ALIASES,
  type AmountSpec,
  type ChoiceSpec,
  COMPARISONS,
  FIELDS,
  nameOf,
  namesOf,
  type Tab,
  type Term,
  type TextSpec,
  type TimeSpec,
} from "./filter-terms.ts";
import { type TimeBase, timeOf } from "./filter-time.ts";

/** A line that a person wrote; far beyond, it is none. */
export const FILTER_CHARS_MAX = 400;
/** Each costs time on every row. */
const TERMS_MAX = 24;

export interface Filter {
  readonly tab: Tab;
  readonly terms: readonly Term[];
}

/** Why a filter cannot be used. */
export interface FilterProblem {
  /** The term as it was written. */
  readonly term: string;
  readonly message: string;
  /** What would have been taken, to read after "must be". */
  readonly wanted: string;
}

type Parsed = Result<Term, FilterProblem>;

/** The terms of a text, for one list. */
export function parseFilter(
  text: string,
  { tab, ...base }: TimeBase & { readonly tab: Tab },
): Result<Filter, FilterProblem> {
  if (text.length > FILTER_CHARS_MAX) {
    const wanted = `text of at most ${FILTER_CHARS_MAX} characters`;
    return failure({ term: `${text.slice(0, 40)}…`, wanted, message: `A filter is ${wanted}.` });
  }
  const terms: Term[] = [];
  for (const token of tokensOf(text)) {
    const parsed = termOf(token, tab, base);
    if (!parsed.ok) return parsed;
    terms.push(parsed.value);
    if (terms.length > TERMS_MAX) {
      const wanted = `at most ${TERMS_MAX} terms`;
      return failure({ term: token, wanted, message: `A filter has ${wanted}.` });
    }
  }
  return success({ tab, terms });
}

/** Words between blanks; quotes keep blanks together, wherever in the word they stand. */
function tokensOf(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

const unquoted = (text: string): string => text.replaceAll('"', "");

function termOf(token: string, tab: Tab, base: TimeBase): Parsed {
  const isNot = token.startsWith("-");
  const body = isNot ? token.slice(1) : token;
  const colon = body.startsWith('"') ? -1 : body.indexOf(":");
  if (colon < 0) return wordOf(token, body, isNot);
  const written = body.slice(0, colon).toLowerCase();
  const name = ALIASES[written] ?? written;
  const spec = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (spec === undefined) {
    const wanted = `one of ${namesOf(tab).join(", ")}`;
    const message = `There is no property "${written.slice(0, 40)}". There are ${namesOf(tab).join(", ")}.`;
    return failure({ term: token, wanted, message });
  }
  if (!spec.tabs.includes(tab)) {
    const wanted = `one of ${namesOf(tab).join(", ")}`;
    const message = `${name}: means nothing on this list. It takes ${namesOf(tab).join(", ")}.`;
    return failure({ term: token, wanted, message });
  }
  const value = unquoted(body.slice(colon + 1)).trim();
  const given = { token, name, isNot, value, takes: spec.takes };
  switch (spec.kind) {
    case "choice":
      return choiceOf(given, spec);
    case "text":
      return textOf(given, spec);
    case "amount":
      return amountOf(given, spec);
    case "time":
      return boundOf(given, spec, base);
  }
}

function wordOf(token: string, body: string, isNot: boolean): Parsed {
  const value = unquoted(body).trim().toLowerCase();
  if (value !== "") return success({ kind: "word", isNot, value });
  const wanted = "a word, or name:value";
  return failure({ term: token, wanted, message: `"${token}" says nothing: write ${wanted}.` });
}

interface Given {
  readonly token: string;
  readonly name: string;
  readonly isNot: boolean;
  readonly value: string;
  readonly takes: string;
}

/** The term does not fit its property. */
function misfit({ token, name, value, takes }: Given): Parsed {
  const found = value === "" ? "nothing" : `"${value.slice(0, 60)}"`;
  const message = `${name}: takes ${takes}; found ${found}.`;
  return failure({ term: token, wanted: takes, message });
}

const listed = (value: string): readonly string[] =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function choiceOf(given: Given, { field, values: known }: ChoiceSpec): Parsed {
  const values = listed(given.value.toLowerCase());
  const isKnown = (value: string) => known === undefined || known.includes(value);
  if (values.length === 0 || !values.every(isKnown)) return misfit(given);
  return success({ kind: "choice", field, isNot: given.isNot, values });
}

function textOf(given: Given, { field }: TextSpec): Parsed {
  const isSymbol = field === "symbol";
  const values = listed(isSymbol ? given.value.toUpperCase() : given.value.toLowerCase());
  if (values.length === 0) return misfit(given);
  if (isSymbol && !values.every((value) => /^[A-Z0-9-]{1,40}$/.test(value))) return misfit(given);
  return success({ kind: "text", field, isNot: given.isNot, values });
}

const AMOUNT = /^(<=|>=|<|>|=)?\s*([+-]?\d{1,18}(?:\.\d{0,18})?)$/;

function amountOf(given: Given, { field }: AmountSpec): Parsed {
  const found = AMOUNT.exec(given.value.replace("−", "-"));
  const amount: Fixed | null = found === null ? null : parseFixed(plain(found[2] ?? ""));
  if (found === null || amount === null) return misfit(given);
  const op = COMPARISONS.find((known) => known === found[1]) ?? "=";
  const text = found[2] ?? "";
  return success({ kind: "amount", field, isNot: given.isNot, op, amount, text });
}

const plain = (text: string): string => text.replace(/^\+/, "").replace(/\.$/, "");

function boundOf(given: Given, { field }: TimeSpec, base: TimeBase): Parsed {
  const time = timeOf(given.value.replace(/t(?=\d)/, "T"), base);
  if (given.isNot) {
    const message = `${given.name}: cannot be turned round. Use from: and to:.`;
    return failure({ term: given.token, wanted: "a term without a minus", message });
  }
  if (time === null) return misfit(given);
  const atMs = field === "from" ? time.startsAtMs : time.endsAtMs;
  return success({ kind: "time", field, atMs, text: given.value });
}

/** The terms as they are written: read again, they are the same. */
export function filterText(terms: readonly Term[]): string {
  return terms.map(termText).join(" ");
}

export function termText(term: Term): string {
  const minus = term.kind !== "time" && term.isNot ? "-" : "";
  switch (term.kind) {
    case "word":
      return `${minus}${/[\s:]|^-/.test(term.value) ? `"${term.value}"` : term.value}`;
    case "choice":
    case "text": {
      const value = term.values.join(",");
      return `${minus}${nameOf(term.field)}:${/\s/.test(value) ? `"${value}"` : value}`;
    }
    case "amount":
      return `${minus}${term.field}:${term.op === "=" ? "" : term.op}${term.text}`;
    case "time":
      return `${term.field}:${term.text}`;
  }
}

/** Whether a term asks for a field, or for words anywhere. */
export function asksFor(terms: readonly Term[], names: readonly string[]): boolean {
  return terms.some((term) => term.kind === "word" || names.includes(term.field));
}
