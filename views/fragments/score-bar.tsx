/** @jsxImportSource hono/jsx */
/**
 * What a round trip may catch, above what it costs, part by part: two bars on one scale, and the
 * same in words. Drawn in attributes only, so that no style is inline.
 */
import type { Score } from "../../src/universe/score.ts";
import { fixed } from "../format.ts";
import type { Html } from "../html.tsx";

const WIDTH = 120;
const HALF = 7;
/** Basis points of the whole width: what is more is cut, and said in words. */
const BPS_FULL = 20;

interface Part {
  readonly name: string;
  readonly bps: number;
}

const caughtOf = (score: Score): readonly Part[] => [
  { name: "spread", bps: score.bounceBps },
  { name: "move", bps: score.driftBps },
];

const paidOf = ({ costs }: Score): readonly Part[] => [
  { name: "fees", bps: costs.feesBps },
  { name: "spread", bps: costs.spreadBps },
  { name: "impact", bps: costs.impactBps },
  { name: "adverse", bps: costs.adverseBps },
  { name: "queue", bps: costs.queueBps },
  { name: "funding", bps: costs.fundingBps },
];

/** In words: every part that shows, and what the points are weighed by. */
export function scoreWords(score: Score): string {
  if (score.veto !== "") return score.veto;
  const said = (parts: readonly Part[]): string =>
    parts
      .filter(({ bps }) => bps >= 0.05)
      .map(({ name, bps }) => `${name} ${fixed(bps, 1)}`)
      .join(", ");
  const caught = `catches ${fixed(score.catchBps, 1)} bps (${said(caughtOf(score))})`;
  const paid = `costs ${fixed(score.costBps, 1)} (${said(paidOf(score))})`;
  const weighed = `depth × ${fixed(score.depthShare, 2)}, trade rate × ${fixed(score.rateShare, 2)}`;
  return `${caught}; ${paid}; ${weighed}`;
}

export function ScoreBar({ score }: { score: Score }): Html {
  if (score.veto !== "") return <span class="flat">{score.veto}</span>;
  const words = scoreWords(score);
  return (
    <span class="score-bar" title={words}>
      <svg viewBox={`0 0 ${WIDTH} ${2 * HALF}`} role="img" aria-label={words}>
        {bars(caughtOf(score), 0)}
        {bars(paidOf(score), HALF)}
      </svg>
      <span class="score-ratio">{`${fixed(score.catchBps, 1)} / ${fixed(score.costBps, 1)}`}</span>
    </span>
  );
}

function bars(parts: readonly Part[], y: number) {
  let from = 0;
  return parts.map(({ name, bps }) => {
    const width = Math.min((bps * WIDTH) / BPS_FULL, WIDTH - from);
    const x = from;
    from += width;
    if (width < 0.5) return null;
    const kind = y === 0 ? "caught" : "paid";
    return (
      <rect
        class={`${kind} part-${name}`}
        x={x.toFixed(1)}
        y={y}
        width={width.toFixed(1)}
        height={HALF - 1}
      />
    );
  });
}
