/**
 * How long one test may take. `bun test` allows five seconds and bunfig.toml has no key for it, so
 * files whose tests start servers and processes say `setDefaultTimeout(...)` with one of these.
 */

/** Sockets on loopback, faults that take seconds to be noticed, and a machine busy with others. */
export const CONTRACT_MS_MAX = 60_000;
/** Whole products and browsers, several one after the other. */
export const PRODUCT_MS_MAX = 120_000;
/** Hundreds of drawn cases, a second of work alone, on a machine busy with others. */
export const PROPERTY_MS_MAX = 30_000;
