/** The engine's own named times and limits, each with its reason. */

/** Market rows leave conflated at this pace: four a second is as fast as a person reads. */
export const AUDIT_EVERY_MS = 250;
/** Rows a tick: 611 symbols pass in under a second, and no tick stalls the market for long. */
export const AUDIT_ROWS_MAX = 250;
/** Points of the equity curve: a chart of a day has fewer pixels than these. */
export const EQUITY_EVERY_MS = 10_000;
/** Scores move over minutes. */
export const UNIVERSE_EVERY_MS = 5_000;
/** The first look comes sooner, so that a start is not idle. */
export const UNIVERSE_FIRST_MS = 1_500;
/** Symbols of one look: some 0.1 ms, as a frame that an order waits for may stand behind it. */
export const UNIVERSE_SLICE = 20;
/** Between two slices: 611 symbols are done within two seconds. */
export const UNIVERSE_SLICE_MS = 60;
export const RECONCILE_EVERY_MS = 60_000;
export const HOUSEKEEPING_EVERY_MS = 1_000;
export const PROFILE_EVERY_MS = 60_000;
/** Silence closes bars and seconds this soon after they are over. Set only if somebody wants it. */
export const CLOCK_EVERY_MS = 250;
/** Requests for bars a second: a tenth of what the venue allows an address. */
export const BAR_LOADS_MAX = 5;
/** Bars that have not come by then are asked for again. */
export const BARS_SILENCE_MS = 10_000;
/** The venue said what it has: more of it comes with time only. */
export const BARS_AGAIN_MS = 60_000;

/**
 * Least time between two decisions of one symbol on market frames; account events decide at once.
 */
export const DECIDE_EVERY_MS = 100;
/** After a denial the same target is not judged again before this. */
export const DENY_PAUSE_MS = 500;
/** The same denial of the same symbol is recorded again only after this. */
export const DENY_REPEAT_MS = 10_000;

/** A market order of the protection has had its answer by then. */
export const PROTECT_RETRY_MS = 500;
/** The red button does not wait for an exit's patience, only for the rate limit. */
export const FLATTEN_RETRY_MS = 200;

/** An accepted order shows on the private stream within a second; three are a lost message. */
export const SUBMIT_SILENCE_MS = 3_000;
export const CANCEL_SILENCE_MS = 3_000;
/** An order that cannot rest must have ended by then. */
export const IOC_SILENCE_MS = 3_000;
/** Pause between two questions about the same order. */
export const ASK_EVERY_MS = 2_000;
/**
 * After the venue said that an exit has nothing to reduce: the account is compared within this, and
 * what it does not hold is taken over.
 */
export const NOTHING_TO_REDUCE_PAUSE_MS = 3_000;
/** A snapshot that has not come by then is asked for again. */
export const RECONCILE_SILENCE_MS = 10_000;
/**
 * Fills and position reports cross on the stream for less than this; longer is a real difference.
 */
export const MISMATCH_MS = 1_500;

/** The order and execution topics of one fill arrive milliseconds apart; this is a lost message. */
export const AWAIT_FILL_MS = 2_000;

/**
 * Our own timers leave no such gap between two events: the process stood still. By then the
 * sockets' own watch has given their connections up too.
 */
export const STANDSTILL_MS = 9_000;

/** A live book without any frame for this long is taken as a dead subscription. */
export const BOOK_SILENCE_MS = 60_000;
/** A quarantined book without a snapshot is subscribed again after this. */
export const RESUBSCRIBE_EVERY_MS = 10_000;
/**
 * Quarantines logged one by one between two housekeepings: a lost socket takes hundreds at once.
 */
export const FAULT_LOGS_MAX = 5;
/** Resubscriptions a second: 611 silent books are one dead feed, which the adapter mends itself. */
export const RESUBSCRIBE_MAX = 5;

/**
 * Leverage, margin mode and fee rates change by a person's hand: an hour-old answer is believed.
 */
export const TERMS_GOOD_MS = 3_600_000;
/** Tickers come several times a second where a price moves: an older mark may be behind. */
export const LOSS_MARK_FRESH_MS = 10_000;
/** An answer by REST has come by then, or the question is put again. */
export const TERMS_RETRY_MS = 5_000;
/** Half of what the venue allows for setting a leverage, each second. */
export const TERMS_ASKS_MAX = 5;

/** After an operator's cancel-all no symbol quotes before this: the button must be seen to work. */
export const CANCEL_ALL_PAUSE_MS = 5_000;

/**
 * People's commands that are known by id. A repeat comes within seconds of the first, as it expires
 * after five; this many are hours of pressing buttons.
 */
export const COMMANDS_KEPT_MAX = 1_000;

/** While everything is to be closed it is looked at this often, whatever the market says. */
export const FLATTEN_LOOK_MS = 100;
/** News of what was sent comes within this, also across continents; a flatten fetches it then. */
export const FLATTEN_NEWS_MS = 200;
/** Between two questions of a flatten about one order. */
export const FLATTEN_ASK_MS = 500;

/** Between two reads of an account that the last one did not find flat. */
export const READ_AGAIN_MS = 1_000;
