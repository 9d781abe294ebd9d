/** Which folder may import which: the arrows of ARCHITECTURE.md as data. */
const PURE_STAGES = ["market", "universe", "features", "strategy", "risk", "orders", "portfolio"];

export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  config: ["kernel", "risk", "strategy"],
  domain: ["kernel"],
  market: ["kernel", "domain"],
  features: ["kernel", "domain", "market"],
  universe: ["kernel", "domain", "market", "features"],
  charts: ["kernel", "domain", "market", "paper"],
  portfolio: ["kernel", "domain"],
  pnl: ["kernel", "domain", "portfolio"],
  risk: ["kernel", "domain", "market"],
  orders: ["kernel", "domain", "risk"],
  strategy: ["kernel", "domain", "market", "features", "risk"],
  paper: ["kernel", "domain", "market"],
  engine: ["kernel", "domain", ...PURE_STAGES],
  blotter: ["kernel", "domain", "portfolio", "pnl"],
  monitor: ["kernel", "domain", "blotter", "charts", "engine", "portfolio", "risk", "universe"],
  runtime: ["kernel", "domain", "blotter", "risk", "engine", "portfolio"],
  venue: ["kernel", "domain", "market", "risk", "paper", "runtime"],
  simulator: ["kernel"],
  store: ["kernel"],
  record: [
    "kernel",
    "domain",
    "blotter",
    "engine",
    "portfolio",
    "pnl",
    "risk",
    "universe",
    "runtime",
    "store",
  ],
  accounts: ["kernel", "runtime", "store"],
  logs: ["kernel", "runtime"],
  control: ["kernel", "domain", "monitor", "runtime"],
  views: [
    "kernel",
    "domain",
    "blotter",
    "charts",
    "monitor",
    "portfolio",
    "pnl",
    "risk",
    "universe",
  ],
  web: [
    "kernel",
    "domain",
    "blotter",
    "charts",
    "monitor",
    "engine",
    "portfolio",
    "pnl",
    "risk",
    "universe",
    "runtime",
    "views",
  ],
};

/**
 * Borders inside a room: what each corner may import of the same room. A file belongs to the
 * longest corner that its path starts with.
 */
export const INNER: Readonly<Record<string, readonly string[]>> = {
  "venue/common/codec": [],
  "venue/common": [],
  "venue/bybit/codec": ["venue/common/codec"],
  "venue/bybit": ["venue/common", "venue/bybit/codec"],
  "venue/paper": [],
  "venue/replay": ["venue/bybit/codec"],
  "simulator/core": [],
  "simulator/market": ["simulator/core"],
  "simulator/world": ["simulator/core", "simulator/market"],
  "simulator/shell/wire": ["simulator/core", "simulator/market", "simulator/world"],
  "simulator/shell/rest": [
    "simulator/core",
    "simulator/market",
    "simulator/world",
    "simulator/shell/wire",
    "simulator/shell",
  ],
  "simulator/shell/stream": [
    "simulator/core",
    "simulator/market",
    "simulator/world",
    "simulator/shell/wire",
    "simulator/shell/rest",
    "simulator/shell",
  ],
  "simulator/shell": [
    "simulator/core",
    "simulator/world",
    "simulator/shell/wire",
    "simulator/shell/rest",
    "simulator/shell/stream",
  ],
  simulator: ["simulator/shell"],
};

/** Rooms that touch the outside world. What crosses between two goes through runtime/ports. */
export const EDGES = ["venue", "simulator", "record", "accounts", "logs", "control", "web"];

/** Folders where the same recording must give the same answer: no clock, chance or I/O. */
export const PURE = [
  "kernel",
  "domain",
  ...PURE_STAGES,
  "pnl",
  "paper",
  "charts",
  "engine",
  "blotter",
  "monitor",
  "views",
  "simulator/core",
  "simulator/market",
  "simulator/world",
  "config",
  "venue/common/codec",
  "venue/bybit/codec",
];

/** What a pure file must not say, and what it says instead. */
export const BANNED: Readonly<Record<string, string>> = {
  "Date.now(": "stamp.atMs",
  "new Date()": "stamp.atMs",
  "performance.now(": "stamp.atMs",
  "Math.random(": "a seeded child of kernel/prng.ts",
  "crypto.randomUUID(": "an id that is a function of (run, strategy, sequence)",
  "setTimeout(": "a set_timer effect",
  "setInterval(": "a set_timer effect",
  "fetch(": "an effect",
  "process.env": "a field of Config",
  "console.": "a log effect",
  "await ": "an effect whose result comes back as an event",
};

/** What every venue shares: nothing in here may be written in one venue's words. */
export const VENUE_NEUTRAL = [
  "kernel",
  "domain",
  ...PURE_STAGES,
  "paper",
  "engine",
  "monitor",
  "runtime",
  "venue/common",
  "venue/paper",
];

/** One venue's words, in code and in comments: its name, fields, texts, codes and numbering. */
export const VENUE_WORDS: readonly RegExp[] = [
  /bybit/i,
  /\b(?:bid|ask)1(?:Price|Size)\b|\bprice24hPcnt\b|\bnextFundingTime\b|\blastPrice\b/,
  /\bEC_[A-Z]|\bCancelBy[A-Z]/,
  /\bretCode\b|\bretMsg\b|\borderLinkId\b|\bX-BAPI/i,
  /\b110[0-9]{3}\b|\b1000[1-9]\b|\b10429\b/,
  /\bcrossSeq\b|\bupdateId\b|\bcross sequence\b/i,
  /"op":|\borderbook\.\d|\bpublicTrade\b/,
];
