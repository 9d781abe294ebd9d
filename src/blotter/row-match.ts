/**
 * Whether a row is what a filter asks for. This is the meaning of the language; a database may
 * leave rows out beforehand, but only rows that would not match here.
 */
import { FIXED_ONE, type Fixed, parseFixed } from "../kernel/fixed.ts";
import type { Comparison, Term } from "./filter-terms.ts";

/** What terms ask of a row; what a list does not have is left out and matches no term. */
export interface Facts {
  readonly symbol: string;
  readonly side: string;
  readonly strategy: string;
  readonly atMs: number;
  /** Why, in words, with the purpose. */
  readonly reason: string;
  /** Ids of the order, ours and the venue's. */
  readonly ids: readonly string[];
  readonly run?: string;
  readonly purpose?: string;
  readonly kind?: string;
  readonly maker?: "yes" | "no";
  /** The state and what it came to. */
  readonly states?: readonly string[];
  readonly gate?: string;
  readonly net?: Fixed;
  readonly fee?: Fixed;
  readonly value?: Fixed | null;
  readonly size?: Fixed;
}

/** True when all terms hold. */
export function matches(terms: readonly Term[], facts: Facts): boolean {
  return terms.every((term) => holds(term, facts));
}

function holds(term: Term, facts: Facts): boolean {
  switch (term.kind) {
    case "time":
      return term.field === "from" ? facts.atMs >= term.atMs : facts.atMs < term.atMs;
    case "choice": {
      const found = choicesOf(facts, term.field).map((value) => value.toLowerCase());
      return found.some((value) => term.values.includes(value)) !== term.isNot;
    }
    case "text":
      return term.values.some((value) => hasText(facts, term.field, value)) !== term.isNot;
    case "word":
      return hasWord(facts, term.value) !== term.isNot;
    case "amount": {
      const sign = signOf(term, facts);
      return sign !== null && compares(sign, term.op) !== term.isNot;
    }
  }
}

type Choice = Extract<Term, { kind: "choice" }>["field"];

function choicesOf(facts: Facts, field: Choice): readonly string[] {
  if (field === "state") return facts.states ?? [];
  const value = facts[field];
  return value === undefined ? [] : [value];
}

function hasText(facts: Facts, field: "symbol" | "reason" | "order", value: string): boolean {
  if (field === "symbol") return isSymbol(facts.symbol, value);
  if (field === "reason") return facts.reason.toLowerCase().includes(value);
  return facts.ids.some((id) => id.toLowerCase().includes(value));
}

/** A symbol in full is that one alone: 1000PEPEUSDT is not found by PEPEUSDT. */
export function isWholeSymbol(value: string): boolean {
  return /.(USDT|USDC|PERP)$/.test(value);
}

function isSymbol(symbol: string, value: string): boolean {
  return isWholeSymbol(value) ? symbol === value : symbol.includes(value);
}

function hasWord({ symbol, strategy, reason, ids, gate = "" }: Facts, word: string): boolean {
  return [symbol, strategy, reason, gate, ...ids].some((text) => text.toLowerCase().includes(word));
}

const BPS = 10_000n;

/** The sign of what is found minus what was asked for; null where there is nothing to compare. */
function signOf({ field, amount }: Extract<Term, { kind: "amount" }>, facts: Facts): number | null {
  if (field === "bps") {
    const { net, value } = facts;
    if (net === undefined || value === undefined || value === null || value <= 0n) return null;
    return sign(net * BPS * FIXED_ONE - amount * value);
  }
  const found = facts[field];
  return found === undefined || found === null ? null : sign(found - amount);
}

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

function compares(found: number, op: Comparison): boolean {
  switch (op) {
    case "<":
      return found < 0;
    case "<=":
      return found <= 0;
    case ">":
      return found > 0;
    case ">=":
      return found >= 0;
    case "=":
      return found === 0;
  }
}

/** A quantity of coins as a number with 18 decimals; null when it is none. */
export function sizeOf(text: string): Fixed | null {
  return text === "" ? null : parseFixed(text);
}
