/** Which folder may import which: the arrows of ARCHITECTURE.md as data. */
const PURE_STAGES = ["market", "universe", "features", "strategy", "risk", "orders", "portfolio"];

export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  config: [],
  domain: ["kernel"],
  market: ["kernel", "domain"],
  features: ["kernel", "domain", "market"],
  universe: ["kernel", "domain", "market", "features"],
  portfolio: ["kernel", "domain"],
  risk: ["kernel", "domain", "market", "portfolio"],
  orders: ["kernel", "domain", "risk"],
  strategy: ["kernel", "domain", "market", "features", "universe", "orders", "portfolio"],
  paper: ["kernel", "domain", "market"],
  engine: ["kernel", "domain", ...PURE_STAGES],
  monitor: ["kernel", "domain", "engine", "portfolio", "universe"],
  runtime: ["kernel", "domain", "risk", "engine", "portfolio"],
  venue: ["kernel", "domain", "market", "risk", "paper", "runtime", "engine"],
  simulator: ["kernel"],
  store: ["kernel", "runtime"],
  record: ["kernel", "domain", "engine", "portfolio", "universe", "runtime", "store"],
  accounts: ["kernel", "runtime", "store"],
  logs: ["kernel", "runtime"],
  views: ["kernel", "domain", "monitor", "engine", "portfolio", "universe"],
  web: ["kernel", "domain", "monitor", "engine", "portfolio", "universe", "runtime", "views"],
};

/** Folders where the same recording must give the same answer: no clock, chance or I/O. */
export const PURE = [
  "kernel",
  "domain",
  ...PURE_STAGES,
  "paper",
  "engine",
  "monitor",
  "views",
  "simulator/core",
  "simulator/market",
  "simulator/world",
  "config",
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
