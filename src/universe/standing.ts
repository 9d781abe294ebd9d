/** Where a symbol stands with the active set, and why. */
export interface Standing {
  /** Its place in line, 1 for the next one; 0 when it is in, or not in line. */
  readonly place: number;
  /** Why it came in, why it left, or what keeps it out. */
  readonly why: string;
  /** Our clock when it came in or left; 0 when it never did. */
  readonly sinceMs: number;
  /** Our clock when its least stay is over; 0 while it is out. */
  readonly stayUntilMs: number;
}

export const NO_STANDING: Standing = {
  place: 0,
  why: "not looked at yet",
  sinceMs: 0,
  stayUntilMs: 0,
};
