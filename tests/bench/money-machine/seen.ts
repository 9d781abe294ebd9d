/** What bots and observers of the bench know of a market: what every client sees. */

/** What a client sees of a contract at one look. */
export interface Seen {
  readonly atMs: number;
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly bidSteps: number;
  readonly askSteps: number;
  readonly markTicks: number;
  /** Net quantity that takers bought since the last look. */
  readonly flowSteps: number;
  readonly ticketSteps: number;
}
