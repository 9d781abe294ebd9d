/** @jsxImportSource hono/jsx */
/**
 * The tape of decisions. The chips that choose kinds are plain check boxes outside the live part
 * and work by the style sheet alone; static/tape.js holds the tape still while somebody reads it.
 */
import { TAPE_KINDS, type TapeEntry, tapeOf } from "../../src/monitor/tape.ts";
import { pnl, withMinus } from "../format.ts";
import { Empty, type Html, SymbolLink, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

export const tape = region("tape", Tape, "tape");

function Tape({ view }: Model): Html {
  const entries = tapeOf(view);
  if (entries.length === 0) return <Empty>Nothing was decided yet.</Empty>;
  return (
    <ol class="tape-rows">
      {entries.map((entry) => (
        <Entry entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { entry: TapeEntry }) {
  const { id, atMs, kind, symbol, words, netUsdt } = entry;
  const reason = withMinus(entry.reason);
  const net = netUsdt === null ? null : pnl(netUsdt);
  return (
    <li id={`tape-${id}`} class={`tape-${kind}`} title={reason === "" ? undefined : reason}>
      <Time atMs={atMs} /> {symbol === "" ? null : <SymbolLink symbol={symbol} />} {words}
      {net === null ? null : (
        <>
          {" · net "}
          <span class={`num ${net.tone}`}>{net.text}</span>
        </>
      )}
      {reason === "" ? null : <span class="tape-why"> · {reason}</span>}
    </li>
  );
}

/** Which kinds are shown; all at first. */
export function TapeChips(): Html {
  return (
    <fieldset class="tape-chips">
      <legend class="sr">Shown on the tape</legend>
      {TAPE_KINDS.map((kind) => (
        <label>
          <input type="checkbox" name="tape" value={kind} checked />
          {kind}
        </label>
      ))}
    </fieldset>
  );
}
