/**
 * Who is quoted: the rule that lets symbols in and out of the active set, and says why.
 *
 * First leave those that may not be traded at all, and those whose score fell below the leaving
 * line once their least stay is over. Then come the pinned ones, which leave for nothing but a
 * block or the end of trading. Then, best first, whoever scores enough: into a free seat, or into
 * that of the weakest who has stayed long enough and is clearly worse. A class of an axis takes no
 * more than its share of the seats, and a newcomer must not move together with too many. Who left
 * stays away as long as a stay lasts at least, so nothing goes in and out faster than that.
 */
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

/** A symbol as the rule sees it. */
export interface Contender {
  readonly id: SymbolId;
  readonly symbol: string;
  readonly score: number;
  /** Our clock when it became active; null while it is not. */
  readonly activeSinceMs: number | null;
  /** Our clock when it left; 0 when it never did. */
  readonly leftAtMs: number;
  readonly samples: number;
  /** Why it may not be quoted whatever its score; empty when it may. */
  readonly barred: string;
  /** Why there is nothing to score, and whoever is in waits its stay out; empty when there is. */
  readonly veto: string;
  /** Who pinned it; empty when nobody did. */
  readonly pinnedBy: string;
  readonly enterScore: number;
  /** Its classes, as in `classShareMax`. */
  readonly classes: readonly string[];
}

export interface Move {
  readonly id: SymbolId;
  readonly verb: "in" | "out";
  readonly reason: string;
}

/** Somebody who scores enough and waits, and for what; best first. */
interface Waiting {
  readonly id: SymbolId;
  readonly why: string;
}

/** Whether two symbols move together; what is not known does not keep anybody out. */
export type Together = (left: SymbolId, right: SymbolId) => boolean;

interface Round {
  readonly atMs: number;
  readonly parameters: UniverseParameters;
  readonly together: Together;
  readonly seated: Contender[];
  readonly moves: Move[];
}

/** Waiting symbols that are told of: a page shows fewer. */
const LINE_MAX = 20;

/** One review. The answer is a function of its arguments alone. */
export function review(
  contenders: readonly Contender[],
  parameters: UniverseParameters,
  now: { readonly atMs: number; readonly together: Together },
): { readonly moves: readonly Move[]; readonly line: readonly Waiting[] } {
  const round: Round = { ...now, parameters, seated: [], moves: [] };
  for (const contender of contenders) {
    if (contender.activeSinceMs === null) continue;
    const reason = whyOut(contender, round);
    if (reason === "") round.seated.push(contender);
    else round.moves.push({ id: contender.id, verb: "out", reason });
  }
  seatPinned(contenders, round);
  const line = seatBest(contenders, round);
  assert(round.seated.length <= parameters.activeMax, "nobody sits where there is no seat");
  return { moves: round.moves, line };
}

function whyOut(contender: Contender, { atMs, parameters }: Round): string {
  const { barred, score, pinnedBy, veto, activeSinceMs } = contender;
  if (barred !== "") return `left: ${barred}`;
  if (pinnedBy !== "" || score >= parameters.leaveScore) return "";
  if (atMs - (activeSinceMs ?? atMs) < parameters.dwellMsMin) return "";
  if (veto !== "") return `left: ${veto}`;
  return `left: score ${score.toFixed(1)} < ${parameters.leaveScore}`;
}

/** Pins beyond the seats wait; a pin sends the weakest away however short its stay was. */
function seatPinned(contenders: readonly Contender[], round: Round): void {
  const wanted = contenders
    .filter((one) => one.pinnedBy !== "" && one.activeSinceMs === null && one.barred === "")
    .sort(better);
  for (const pinned of wanted) {
    const { activeMax } = round.parameters;
    if (round.seated.length >= activeMax) {
      const weakest = weakestOf(round, () => true);
      if (weakest === undefined) return;
      unseat(round, weakest, `for ${pinned.symbol}, pinned by ${pinned.pinnedBy}`);
    }
    seat(round, pinned, `pinned by ${pinned.pinnedBy}`);
  }
}

/** Seats who may, best first; returns who scores enough and may not, with what it waits for. */
function seatBest(contenders: readonly Contender[], round: Round): readonly Waiting[] {
  const line: Waiting[] = [];
  const left = new Set(round.moves.map(({ id }) => id));
  const candidates = contenders
    .filter((one) => one.activeSinceMs === null && one.pinnedBy === "" && !left.has(one.id))
    .filter((one) => one.barred === "" && one.veto === "" && one.score >= one.enterScore)
    .sort(better);
  for (const candidate of candidates) {
    const why = waits(candidate, round) || takesSeat(candidate, round);
    if (why !== "" && line.length < LINE_MAX) line.push({ id: candidate.id, why });
  }
  return line;
}

/** What keeps a candidate out whoever sits there; empty when nothing does. */
function waits({ samples, leftAtMs }: Contender, { atMs, parameters }: Round): string {
  const { samplesMin, dwellMsMin } = parameters;
  if (samples < samplesMin) return `${samples} of ${samplesMin} looks`;
  const awayMs = atMs - leftAtMs;
  if (leftAtMs === 0 || awayMs >= dwellMsMin) return "";
  return `left ${seconds(awayMs)} ago, back after ${seconds(dwellMsMin)}`;
}

/** Seats a candidate, and sends another away for it where none is free; else says why not. */
function takesSeat(candidate: Contender, round: Round): string {
  const { seated, parameters } = round;
  const { activeMax } = parameters;
  if (seated.length < activeMax) {
    const crowded = crowdedBy(candidate, seated, round);
    if (crowded === "")
      seat(round, candidate, `seat ${seated.length + 1} of ${activeMax} was free`);
    return crowded;
  }
  const weakest = weakestOf(round, (one) => hasStayed(one, round));
  if (weakest === undefined) return whenNext(round);
  const wanted = weakest.score + parameters.replaceScore;
  if (candidate.score < wanted) {
    return `needs ${wanted.toFixed(1)}: ${weakest.symbol}'s ${weakest.score.toFixed(1)} + ${parameters.replaceScore}`;
  }
  const others = seated.filter((one) => one !== weakest);
  const crowded = crowdedBy(candidate, others, round);
  if (crowded !== "") return crowded;
  unseat(round, weakest, `for ${candidate.symbol} ${candidate.score.toFixed(1)}`);
  seat(round, candidate, `for ${weakest.symbol} ${weakest.score.toFixed(1)}`);
  return "";
}

const hasStayed = ({ activeSinceMs }: Contender, { atMs, parameters }: Round): boolean =>
  atMs - (activeSinceMs ?? atMs) >= parameters.dwellMsMin;

/** When the next seat may change hands. */
function whenNext({ seated, atMs, parameters }: Round): string {
  const since = seated
    .filter(({ pinnedBy }) => pinnedBy === "")
    .map(({ activeSinceMs }) => activeSinceMs ?? atMs);
  if (since.length === 0) return "every seat is pinned";
  const leftMs = parameters.dwellMsMin - (atMs - Math.min(...since));
  return `a seat may change hands in ${seconds(Math.max(0, leftMs))}`;
}

/** Whom a candidate would be too many of; empty when it would not. */
function crowdedBy(
  candidate: Contender,
  others: readonly Contender[],
  { parameters, together }: Round,
): string {
  const { activeMax, classShareMax, togetherShareMax } = parameters;
  for (const name of candidate.classes) {
    const share = classShareMax[name];
    if (share === undefined) continue;
    const seats = Math.max(1, Math.floor(activeMax * share));
    const taken = others.filter(({ classes }) => classes.includes(name)).length;
    if (taken >= seats) return `${taken} of ${seats} seats for ${name} are taken`;
  }
  const alike = others.filter((other) => together(candidate.id, other.id));
  if (alike.length < Math.max(1, Math.floor(activeMax * togetherShareMax))) return "";
  return `moves with ${alike.map(({ symbol }) => symbol).join(", ")}`;
}

function weakestOf(
  { seated }: Round,
  mayGo: (contender: Contender) => boolean,
): Contender | undefined {
  return seated
    .filter((one) => one.pinnedBy === "" && mayGo(one))
    .sort(better)
    .at(-1);
}

/** Who came in this review has not stayed: as it sits, it is as new as one can be. */
function seat({ seated, moves, atMs }: Round, one: Contender, why: string): void {
  seated.push({ ...one, activeSinceMs: atMs });
  moves.push({ id: one.id, verb: "in", reason: `in ${one.score.toFixed(1)} ${why}` });
}

function unseat({ seated, moves }: Round, one: Contender, why: string): void {
  const at = seated.indexOf(one);
  assert(at >= 0, "only who sits gives up a seat");
  seated.splice(at, 1);
  moves.push({ id: one.id, verb: "out", reason: `out ${one.score.toFixed(1)} ${why}` });
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1_000)} s`;

/** Best score first; ties by id, so that two runs agree. */
function better(left: Contender, right: Contender): number {
  return right.score - left.score || left.id - right.id;
}
