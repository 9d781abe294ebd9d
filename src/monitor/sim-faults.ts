/**
 * Faults of the embedded exchange that a click switches on: what networks and venues do to their
 * clients. What each is to the simulator stands in app/fault-desk.ts.
 */

interface SimFault {
  readonly name: SimFaultName;
  readonly label: string;
  /** Strikes what is open at this moment and is over; the others last until they are removed. */
  readonly isMomentary: boolean;
}

export const SIM_FAULTS: readonly SimFault[] = [
  { name: "lost-frames", label: "1 % of book frames are lost", isMomentary: false },
  { name: "late-frames", label: "Book frames come 500 ms late", isMomentary: false },
  { name: "twice-frames", label: "5 % of book frames come twice", isMomentary: false },
  { name: "mixed-frames", label: "5 % of book frames change places", isMomentary: false },
  { name: "cut-frames", label: "1 % of book frames are cut in the middle", isMomentary: false },
  { name: "skipped-deltas", label: "1 % of book changes are left out", isMomentary: false },
  { name: "rest-errors", label: "Half of the requests answer 503", isMomentary: false },
  { name: "order-refusals", label: "Orders are refused: too many visits", isMomentary: false },
  { name: "slow-acks", label: "Orders are acknowledged 2 s late", isMomentary: false },
  { name: "lost-answers", label: "Orders are taken and never answered", isMomentary: false },
  { name: "maintenance", label: "The venue is under maintenance", isMomentary: false },
  { name: "no-connect", label: "No socket can be opened", isMomentary: false },
  { name: "clock", label: "The venue's clock is 10 s ahead", isMomentary: false },
  { name: "cut-public", label: "Cut the market sockets", isMomentary: true },
  { name: "cut-private", label: "Cut the private socket", isMomentary: true },
  { name: "silent-public", label: "Market sockets fall silent and stay open", isMomentary: true },
  {
    name: "silent-private",
    label: "The private socket falls silent and stays open",
    isMomentary: true,
  },
  { name: "partial-fills", label: "Resting orders are filled in part", isMomentary: true },
  { name: "new-books", label: "Books begin anew", isMomentary: true },
  { name: "adl", label: "A position is closed by force (ADL)", isMomentary: true },
];

export type SimFaultName =
  | "lost-frames"
  | "late-frames"
  | "twice-frames"
  | "mixed-frames"
  | "cut-frames"
  | "skipped-deltas"
  | "rest-errors"
  | "order-refusals"
  | "slow-acks"
  | "lost-answers"
  | "maintenance"
  | "no-connect"
  | "clock"
  | "cut-public"
  | "cut-private"
  | "silent-public"
  | "silent-private"
  | "partial-fills"
  | "new-books"
  | "adl";

/** A fault that is switched on. */
export interface LiveFault {
  readonly id: number;
  readonly kind: string;
  /** The click that made it; null for one that came another way. */
  readonly name: SimFaultName | null;
  /** Its filter and numbers, as name=value. */
  readonly detail: string;
  /** How often it has struck. */
  readonly struck: number;
}

/** What the embedded exchange is and what is wrong with it now. */
export interface FaultState {
  readonly faults: readonly LiveFault[];
  /** The market is a function of it. */
  readonly seed: string;
  readonly framesPerSecond: number;
  readonly clients: number;
  readonly upMs: number;
}
