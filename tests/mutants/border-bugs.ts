/** Bugs where the program meets the venue's account, and in how its parts are wired. */
import type { Bugs } from "./mutant.ts";

const CODEC = [
  "tests/unit/venue/codec/decode-account.test.ts",
  "tests/unit/venue/codec/encode.test.ts",
];
const ACCOUNT = ["tests/contract/adapter/account.test.ts", "tests/contract/adapter/orders.test.ts"];
const APP = ["tests/unit/app"];

export const BORDER_BUGS: readonly Bugs[] = [
  {
    file: "src/venue/bybit/codec/decode-account.ts",
    tests: CODEC,
    bugs: [
      {
        find: `positionSteps: sideText === "Sell" && size !== 0 ? -size : size,`,
        replace: "positionSteps: size,",
        means: "shorts are taken for longs",
      },
      {
        find: `fee === null && "execFee",`,
        replace: "false,",
        equivalent: "the check below refuses the row as well, only its text names the field",
        means: "the fault does not name the fee",
      },
      {
        find: "isMaker: exec.isMaker === true,",
        replace: "isMaker: exec.isMaker !== false,",
        means: "a missing field makes us the maker",
      },
      {
        find: "reduceOnly: order.reduceOnly === true || order.closeOnTrigger === true,",
        replace: "reduceOnly: false,",
        means: "exits at the venue are taken for entries",
      },
      {
        find: `AdlTrade: "adl",`,
        replace: "",
        means: "auto-deleveraging is of no kind",
      },
      {
        find: `BustTrade: "liquidation",`,
        replace: "",
        means: "a liquidation is of no kind",
      },
      {
        find: `Funding: "funding",`,
        replace: `Funding: "trade",`,
        means: "funding moves positions",
      },
    ],
  },
  {
    file: "src/venue/bybit/codec/encode.ts",
    tests: CODEC,
    bugs: [
      {
        find: "reduceOnly: order.reduceOnly,",
        replace: "reduceOnly: false,",
        means: "an exit may open a position",
      },
      {
        find: `post_only: "PostOnly",`,
        replace: `post_only: "GTC",`,
        means: "quotes take",
      },
      {
        find: "...(stopLossTicks === null ? {} : stopFields(instrument, stopLossTicks)),",
        replace: "",
        means: "entries without their stop",
      },
      {
        find: `tpslMode: "Full",`,
        replace: `tpslMode: "Partial",`,
        means: "a stop for a part of the position",
      },
      {
        find: "if (venueOrderId !== undefined) return { orderId: venueOrderId };",
        replace: "",
        means: "orders of an earlier run cannot be named",
      },
    ],
  },
  {
    file: "src/venue/bybit/order-entry.ts",
    tests: ACCOUNT,
    bugs: [
      {
        find: "return this.post(path, body, { purpose, retries: 0 });",
        replace: "return this.post(path, body, { purpose, retries: 3 });",
        means: "an order of unknown outcome is sent again",
      },
      {
        find: `const isUnclear = result.retClass === "unknown" || result.retClass === "duplicate";`,
        replace: `const isUnclear = result.retClass === "unknown";`,
        means: "an order that was placed counts as refused",
      },
      {
        find: `if (sent !== null && isFinal(sent)) return cancelOutcomeOf(sent);`,
        replace: "if (sent !== null) return cancelOutcomeOf(sent);",
        means: "a cancel that the socket did not carry out is given up",
      },
      {
        find: "this.options.onMismatch(",
        replace: "void (",
        means: "nobody hears that a stop could not be put",
      },
    ],
  },
  {
    file: "src/venue/bybit/account-reader.ts",
    tests: ACCOUNT,
    bugs: [
      {
        find: "const FIRST_LOOK_BACK_MS = 24 * 3_600_000;",
        replace: "const FIRST_LOOK_BACK_MS = 0;",
        means: "what happened while the program was down is not looked for",
      },
      {
        find: "const OVERLAP_MS = 60_000;",
        replace: "const OVERLAP_MS = 0;",
        means: "an execution that the list shows late is missed",
      },
      {
        find: `if (!wallet.ok) return wallet;`,
        replace: "",
        means: "half an account is taken for the whole",
      },
      {
        find: `if (executions.kind === "failed") return failure(executions.text);`,
        replace: "",
        means: "missed executions are not noticed",
      },
      {
        find: `if (!listed.isComplete) return failure("a list of open things never ended");`,
        replace: "",
        means: "a list that never ends is taken for whole",
      },
      {
        find: "for (const execution of found) this.options.executions.take(execution.execId);",
        replace: "",
        means: "executions come twice to the ledger",
      },
      {
        find: "return executions.toReversed().sort((left, right) => left.venueAtMs - right.venueAtMs);",
        replace: "return [...executions];",
        means: "executions are booked newest first",
      },
      {
        find: "if (answer.value !== null || look > 0) {",
        replace: "if (true) {",
        means: "an order just sent is called never heard of",
      },
      {
        find: `for (const path of ["/v5/order/realtime", "/v5/order/history"]) {`,
        replace: `for (const path of ["/v5/order/realtime"]) {`,
        means: "an order that ended long ago is called never heard of",
      },
      {
        find: "if (next !== null && !waits.stopped) this.reconcile(next);",
        replace: "",
        means: "a snapshot asked for while one is fetched never comes",
      },
    ],
  },
  {
    file: "src/venue/bybit/paged-list.ts",
    tests: ACCOUNT,
    bugs: [
      {
        find: 'return { kind: "ok", items, isComplete: false };',
        replace: 'return { kind: "ok", items, isComplete: true };',
        means: "a list that never ends is taken for whole",
      },
      {
        find: "items.push(...more);",
        replace: "if (page === 0) items.push(...more);",
        means: "only the first page of a list counts",
      },
    ],
  },
  {
    file: "src/venue/bybit/private-feed.ts",
    tests: ACCOUNT,
    bugs: [
      {
        find: 'const isNew = event.kind !== "execution" || this.options.executions.take(event.execId);',
        replace: "const isNew = true;",
        means: "an execution is delivered twice",
      },
      {
        find: `if (decoded.reason === "not_json") this.options.onGap("unreadable account message");`,
        replace: "",
        means: "a garbled fill is not fetched",
      },
      {
        find: `this.options.onGap("unusable account message");`,
        replace: "",
        means: "an unusable fill is not fetched",
      },
      {
        find: `this.options.onGap(this.starts++ === 0 ? "start-up" : "reconnected");`,
        replace: "",
        means: "what was missed while the socket was away is not fetched",
      },
    ],
  },
  {
    file: "src/venue/bybit/trade-socket.ts",
    tests: ACCOUNT,
    bugs: [
      {
        find: "return this.isReady && !this.isSilent && this.socket.up",
        replace: "return !this.isSilent && this.socket.up",
        means: "orders before the socket is authenticated",
      },
      {
        find: "if (reply.retCode === LEAVING) this.isReady = false;",
        replace: "",
        means: "orders to a server that leaves",
      },
    ],
  },
  {
    file: "src/venue/bybit/rest-client.ts",
    tests: [...ACCOUNT, "tests/unit/venue/limits.test.ts"],
    bugs: [
      {
        find: 'return { kind: neverLeft ? "failed" : "unknown", text };',
        replace: 'return { kind: "failed", text };',
        means: "an order that may have arrived counts as never sent",
      },
      {
        find: 'if (retClass === "rate_limited") this.options.limits.refused(request.path);',
        replace: "",
        means: "requests go on after the venue said too many",
      },
    ],
  },
  {
    file: "src/app/trading.ts",
    tests: APP,
    bugs: [
      {
        find: "orderNotionalUsdtMax: config.orderUsdtMax,",
        replace: "",
        means: "the operator's limit of one order is not applied",
      },
      {
        find: "symbolExposureUsdtMax: config.symbolUsdtMax,",
        replace: "",
        means: "the operator's limit of a symbol is not applied",
      },
      {
        find: "totalExposureUsdtMax: config.exposureUsdtMax,",
        replace: "",
        means: "the operator's limit over all is not applied",
      },
      {
        find: "universe: { ...DEFAULT_UNIVERSE, ...mode.universe, activeMax: config.activeSymbolsMax },",
        replace: "universe: { ...DEFAULT_UNIVERSE, ...mode.universe },",
        means: "the operator's number of symbols is not applied",
      },
      {
        find: "autoTrade: mode.autoTrade,",
        replace: "autoTrade: true,",
        means: "real money trades by itself",
      },
    ],
  },
  {
    file: "src/app/wire.ts",
    tests: APP,
    bugs: [
      {
        find: "venue.venue()?.cancelAll();",
        replace: "",
        means: "orders rest after the engine lost an invariant",
      },
      {
        find: "engine.accept(recordStatusOf(report));",
        replace: "",
        means: "trading goes on while nothing can be recorded",
      },
      {
        find: "profiles: loadProfiles(database, profileKey),",
        replace: "profiles: [],",
        means: "every start learns its symbols anew",
      },
    ],
  },
  {
    file: "src/app/mode.ts",
    tests: APP,
    bugs: [
      {
        find: 'realMoney: !isPaper && venue === "mainnet",',
        replace: "realMoney: false,",
        means: "real money is called play money",
      },
      {
        find: `...(isPaper && { orders: "process", account: "process", needsKeys: false }),`,
        replace: `...(isPaper && { account: "process", needsKeys: false }),`,
        means: "paper orders go to the venue",
      },
    ],
  },
];
