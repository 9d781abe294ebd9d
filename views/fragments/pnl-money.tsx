/** @jsxImportSource hono/jsx */
/** Money of the ledger: rounded to the eye, exact in the title, under a name of its own. */
import type { Usdt } from "../../src/domain/units.ts";
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { type Html, Signed } from "../html.tsx";

export function ExactMoney({ amount, v }: { amount: Usdt; v: string }): Html {
  return <Signed value={fixedToNumber(amount)} exact={fixedToText(amount)} v={v} />;
}
