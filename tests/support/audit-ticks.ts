/** Picks what a test is about out of audit ticks, and makes ticks from entries. */
import type { AuditEntry, AuditTick } from "../../src/engine/audit.ts";

type EntryOf<Kind extends AuditEntry["kind"]> = Extract<AuditEntry, { readonly kind: Kind }>;

/** Every entry of one kind, in the order told. */
export function entriesOf<Kind extends AuditEntry["kind"]>(
  ticks: readonly AuditTick[],
  kind: Kind,
): EntryOf<Kind>[] {
  return ticks
    .flatMap(({ entries }) => entries)
    .filter((entry): entry is EntryOf<Kind> => entry.kind === kind);
}

/** Fills of the run itself; those of earlier runs go to the record only. */
export function fillsOf(ticks: readonly AuditTick[]) {
  return entriesOf(ticks, "fill").flatMap(({ fill, isEarlier }) => (isEarlier ? [] : [fill]));
}

/** The last order, position or account that was told. */
export const lastAccount = (ticks: readonly AuditTick[]) =>
  entriesOf(ticks, "account").at(-1)?.account;
export const lastPosition = (ticks: readonly AuditTick[]) =>
  entriesOf(ticks, "position").at(-1)?.position;

export function tickOf(seq: number, ...entries: AuditEntry[]): AuditTick {
  return { seq, atMs: seq * 250, trading: { state: "on", reason: "" }, missing: [], entries };
}
