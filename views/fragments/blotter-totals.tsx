/** @jsxImportSource hono/jsx */
/** What all rows of a filter come to, above the page of them that is shown. */
import { bpsOf } from "../../src/blotter/file-columns.ts";
import type { Tab } from "../../src/blotter/filter-terms.ts";
import type { BlotterTotals } from "../../src/blotter/rows.ts";
import { type Fixed, fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { fixed, NONE } from "../format.ts";
import { type Html, Signed } from "../html.tsx";

export function Totals({ tab, totals }: { tab: Tab; totals: BlotterTotals }): Html {
  return (
    <dl class="totals" aria-label="Totals of all rows that the filter finds">
      {tab === "orders" ? (
        <OrderTotals totals={totals} />
      ) : tab === "refusals" ? (
        <RefusalTotals totals={totals} />
      ) : tab === "trips" ? (
        <TripTotals totals={totals} />
      ) : (
        <FillTotals totals={totals} />
      )}
    </dl>
  );
}

function TripTotals({ totals }: { totals: BlotterTotals }): Html {
  const { count, won, volume, gross, fees, funding, net } = totals;
  const bps = bpsOf(net, volume);
  return (
    <>
      <Count label="Round trips" count={count} />
      <div>
        <dt>Won</dt>
        <dd class="num">{count === 0 ? NONE : `${fixed((100 * won) / count, 1)} %`}</dd>
      </div>
      <Amount label="Entered" amount={volume} />
      <Gain label="Realised" amount={gross} />
      <Gain label="Fees" amount={-fees} />
      <Gain label="Funding" amount={-funding} />
      <Gain label="Net" amount={net} />
      <div>
        <dt>Net bps</dt>
        <dd>{bps === null ? NONE : <Signed value={bps} />}</dd>
      </div>
    </>
  );
}

function FillTotals({ totals }: { totals: BlotterTotals }): Html {
  const { count, volume, gross, fees, funding, net, makerVolume } = totals;
  const bps = bpsOf(net, volume);
  const share = volume === 0n ? null : Number((makerVolume * 1_000n) / volume) / 10;
  return (
    <>
      <Count label="Fills" count={count} />
      <Amount label="Volume" amount={volume} />
      <Gain label="Realised" amount={gross} />
      <Gain label="Fees" amount={-fees} />
      <Gain label="Funding" amount={-funding} />
      <Gain label="Net" amount={net} />
      <div>
        <dt>Net bps</dt>
        <dd>{bps === null ? NONE : <Signed value={bps} />}</dd>
      </div>
      <div>
        <dt>As maker</dt>
        <dd class="num">{share === null ? NONE : `${fixed(share, 1)} %`}</dd>
      </div>
    </>
  );
}

function OrderTotals({ totals }: { totals: BlotterTotals }): Html {
  const { count, filled, unfilled, rejected, live } = totals;
  return (
    <>
      <Count label="Orders" count={count} />
      <Count label="Filled" count={filled} />
      <Count label="Partly" count={count - filled - unfilled - rejected - live} />
      <Count label="Cancelled" count={unfilled} />
      <Count label="Rejected" count={rejected} />
      <Count label="Live" count={live} />
    </>
  );
}

function RefusalTotals({ totals }: { totals: BlotterTotals }): Html {
  return (
    <>
      <Count label="Refused" count={totals.times} />
      <Count label="Rows" count={totals.count} />
    </>
  );
}

function Count({ label, count }: { label: string; count: number }): Html {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="num">{fixed(count, 0)}</dd>
    </div>
  );
}

function Amount({ label, amount }: { label: string; amount: Fixed }): Html {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="num" title={`${fixedToText(amount)} USDT`}>
        {fixed(fixedToNumber(amount), 2)}
      </dd>
    </div>
  );
}

/** What it did to the account: paid is below zero. */
function Gain({ label, amount }: { label: string; amount: Fixed }): Html {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Signed value={fixedToNumber(amount)} exact={fixedToText(amount)} />
      </dd>
    </div>
  );
}
