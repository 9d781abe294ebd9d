/** The limits and permissions that the tidy test holds, each with its reason. */

/** One screen: a function that does not fit on it has a second idea in it. */
export const FUNCTION_LINES_MAX = 60;
/** Beyond four, positions stop being readable at the call: hand over an object. */
export const PARAMETERS_MAX = 4;
export const FILE_LINES_MAX = 500;
/** Two files side by side. The formatter wraps code, not comments. */
export const COMMENT_COLUMNS_MAX = 100;

/** All of the engine's state, or nearly all: whoever is handed one of these may touch anything. */
export const WHOLE_STATES = ["EngineState", "CorePart"] as const;
/** The two doors of the engine, through which all of it is handed in from outside. */
export const STATE_DOORS = ["src/engine/step.ts#step", "src/engine/step.ts#tell"];

/** Where bytes or rows become values, and where units are minted: `x as Unit` may stand here. */
export const CODECS = [
  // Makes the one thing that the order port takes, from what passed the gate.
  "src/risk/approved.ts",
  // Checked settings become a Config.
  "src/config/parse.ts",
  "src/domain/units.ts",
  "src/domain/instrument.ts",
  "src/kernel/",
  "src/venue/bybit/codec/",
  "src/venue/common/codec/",
  "src/record/record-rows.ts",
  "src/simulator/shell/wire/",
];

/** File names that may stand twice, as they say the same thing in two places. */
export const REPEATED_NAMES: Readonly<Record<string, string>> = {
  "registry.ts": "the list that a room's tenants enter: features, strategies",
  "decode-public.ts": "each adapter has its own decoder of the public stream",
};

/** What stands in the product and is used by tests and benches alone, with its reason. */
export const FOR_TESTS: Readonly<Record<string, string>> = {
  "src/simulator/shell/in-process.ts#connectInProcess":
    "the simulator's second shell: one contract holds both, and whole programs run on it",
};

/** A page and the fragment that fills it carry one name. */
export const TWINS = ["views/pages/", "views/fragments/"] as const;

/**
 * Assertions for each function of a core room (callbacks are part of theirs), as reached: raise a
 * floor when a room rises above it, never lower one. The aim is one.
 */
export const ASSERTION_FLOORS: Readonly<Record<string, number>> = {
  market: 0.15,
  features: 0.09,
  universe: 0.03,
  portfolio: 0.9,
  risk: 0.3,
  orders: 0.4,
  strategy: 0.15,
  paper: 0.19,
  engine: 0.13,
  domain: 0.4,
  "simulator/core": 0.08,
};
/** What counts as an assertion: the three of src/kernel/assert.ts. */
export const ASSERTIONS = ["assert", "must", "unreachable"] as const;
