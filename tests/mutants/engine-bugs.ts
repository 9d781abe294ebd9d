/** Bugs in what the engine decides and believes. */
import { type Bugs, ENGINE_TESTS } from "./mutant.ts";

export const ENGINE_BUGS: readonly Bugs[] = [
  {
    file: "src/engine/control.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: `if (control.feeds.market?.up !== true) missing.push("market feed");`,
        replace: "",
        means: "entries while the market feed is down",
      },
      {
        find: `if (control.feeds.private?.up !== true) missing.push("private feed");`,
        replace: "",
        means: "entries while fills cannot be heard",
      },
      {
        find: `if (!isRead || !control.accountFresh) missing.push("account snapshot");`,
        replace: `if (!isRead) missing.push("account snapshot");`,
        means: "entries after a reconnect before the account was compared",
      },
      {
        find: `if (!control.armed) return { state: "halted", reason: says(control.haltReason) };`,
        replace: "",
        means: "a halt that halts nothing",
      },
      {
        find: `if (control.leaving !== null) return { state: "halted", reason: control.leaving };`,
        replace: "",
        means: "a program that leaves goes on placing orders",
      },
      {
        find: `if (recordFault === null || tradingOf(state).state !== "on") return;`,
        replace: "if (recordFault !== null) return;",
        means: "trading goes on while nothing can be recorded",
      },
      {
        find: "state.control.leaving = reason;",
        replace: "",
        means: "leaving is not remembered",
      },
      {
        find: "if (isOut && atMs - control.reconcileAtMs < RECONCILE_SILENCE_MS) return;",
        replace: "if (isOut) return;",
        means: "a snapshot that never came is never asked for again",
      },
      {
        find: "control.entriesPausedUntilMs = atMs + CANCEL_ALL_PAUSE_MS;",
        replace: "control.entriesPausedUntilMs = atMs;",
        means: "a cancel-all is undone by the next quote",
      },
    ],
  },
  {
    file: "src/engine/recover.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: "if (snapshot.requestedAtMs >= feed.atMs) state.control.accountFresh = true;",
        replace: "state.control.accountFresh = true;",
        means: "a snapshot from before the gap counts as fresh",
      },
      {
        find: "if (position.lastFillAtMs >= snapshot.requestedAtMs) continue;",
        replace: "",
        means: "a fill on its way looks like a difference",
      },
      {
        find: "mismatch?.venueSteps === venueSteps && mismatch.sinceMs >= position.lastFillAtMs;",
        replace: "true;",
        means: "a difference is taken over at its first sight",
      },
      {
        find: "if (state.options.autoTrade || !state.control.armed) return;",
        replace: "return;",
        means: "real money trades on after a position that nobody can explain",
      },
      {
        find: "if (row.updatedAtMs < snapshot.requestedAtMs) ask(state, row, atMs);",
        replace: "",
        means: "an order that the venue no longer lists is never asked about",
      },
      {
        find: `state.outbox.push({ kind: "cancel_orphan", symbolId, venueOrderId });`,
        replace: "",
        means: "orders of an earlier run rest for ever",
      },
      {
        find: "if (steps !== 0) unlisted.add(symbolId);",
        replace: "",
        means: "a position that the venue no longer lists stays on the books",
      },
      {
        find: "tenancy.ownership.restore(symbolId, tenant.index);",
        replace: "",
        means: "a strategy loses its positions with every restart",
      },
      {
        find: "state.orders.stopAwaiting(report.symbolId);",
        replace: "",
        means: "a symbol waits for executions that are inside the size taken over",
      },
    ],
  },
  {
    file: "src/engine/timers.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: "if (reason === null) return;",
        replace: "return;",
        means: "a lost day does not halt",
      },
      {
        find: "if (state.orders.onSilence(row, atMs)) state.counters.ordersUnknown++;",
        replace: "",
        means: "an order without news is never called unknown",
      },
      {
        find: "if (atMs - row.askedAtMs < ASK_EVERY_MS) return false;",
        replace: "",
        means: "a question about an order each second",
      },
      {
        find: "return atMs - row.createdAtMs >= SUBMIT_SILENCE_MS;",
        replace: "return false;",
        means: "a submit without answer is waited for for ever",
      },
      {
        find: "return atMs - row.cancelAtMs >= CANCEL_SILENCE_MS;",
        replace: "return false;",
        means: "a cancel without answer is waited for for ever",
      },
      {
        find: `return row.intent.timeInForce === "ioc" && atMs - row.createdAtMs >= IOC_SILENCE_MS;`,
        replace: "return false;",
        means: "an order that cannot rest is taken for resting",
      },
      {
        find: "if (atMs - mismatch.sinceMs < MISMATCH_MS) continue;",
        replace: "continue;",
        means: "a size in doubt is never asked about",
      },
      {
        find: "for (const id of state.orders.awaitingBefore(atMs - AWAIT_FILL_MS)) {",
        replace: "for (const id of state.orders.awaitingBefore(0)) {",
        means: "executions that did not come are never fetched",
      },
      {
        find: `if (state.control.feeds.private?.up === true) requestReconcile(state, "periodic", atMs);`,
        replace: "",
        means: "the account is compared at reconnects only",
      },
      {
        find: "state.orders.prune(atMs);",
        replace: "",
        means: "finished orders are kept for ever",
      },
      {
        find: `if (book.state === "live" && bookAgeMs(book, atMs) > BOOK_SILENCE_MS) {`,
        replace: `if (book.state === "live" && bookAgeMs(book, atMs) > 100 * BOOK_SILENCE_MS) {`,
        means: "a dead subscription is traded on",
      },
    ],
  },
  {
    file: "src/engine/decide.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: "return sinceMs > 0 && atMs - sinceMs < AWAIT_FILL_MS;",
        replace: "return false;",
        means: "an exit is placed twice between a report and its execution",
      },
      {
        find: "const isFlat = view.positionSteps === 0;",
        replace: "const isFlat = view.positionSteps >= 0;",
        means: "protection and flatten close shorts only",
      },
      {
        find: `return state.rate.count(atMs) < (purpose === "entry" ? orderRateMax : exitRateMax);`,
        replace: "return state.rate.count(atMs) < orderRateMax;",
        means: "exits have no rate of their own",
      },
      {
        find: "if (last?.code === code && atMs - last.atMs < DENY_REPEAT_MS) {",
        replace: "if (last?.code === code) {",
        means: "a denial is told once in a life",
      },
    ],
  },
  {
    file: "src/engine/risk-context.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: "positionSteps: state.ledger.stepsOf(id),",
        replace: "positionSteps: 0,",
        means: "no order passes as reducing",
      },
      {
        find: "totalExposureUsdt: totalExposureOf(state),",
        replace: "totalExposureUsdt: 0,",
        means: "the limit over all symbols is not applied",
      },
      {
        find: "openOrders: orders.liveCount,",
        replace: "openOrders: 0,",
        means: "the limit of open orders is not applied",
      },
      {
        find: "symbolOrders: live.length,",
        replace: "symbolOrders: 0,",
        means: "the limit of a symbol's orders is not applied",
      },
      {
        find: `symbolUnknown: live.filter((row) => row.state === "unknown").length,`,
        replace: "symbolUnknown: 0,",
        means: "entries while the fate of another is open",
      },
      {
        find: "    dayLossUsdt,\n",
        replace: "    dayLossUsdt: 0,\n",
        means: "the gate knows no lost day",
      },
    ],
  },
  {
    file: "src/engine/absorb-account.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: "if (fill === null) return;",
        replace: "",
        means: "an execution that comes twice breaks or counts twice",
      },
      {
        find: "if (overSteps === 0) return;",
        replace: "return;",
        means: "a fill beyond its order goes unnoticed",
      },
      {
        find: "if (known?.venueSteps === positionSteps) return;",
        replace: "",
        means: "a difference never grows old, as each report makes it new",
      },
      {
        find: "state.mismatches.set(symbolId, { venueSteps: positionSteps, sinceMs: atMs });",
        replace: "",
        means: "a size that differs is not noticed on the stream",
      },
      {
        find: "if (mismatch.venueSteps === state.ledger.stepsOf(report.symbolId)) {",
        replace: "if (false) {",
        means: "a size stays in doubt after its fill has come",
      },
      {
        find: "if (state.wallet !== null && report.venueAtMs < state.wallet.venueAtMs) return;",
        replace: "",
        means: "an older wallet replaces a newer one",
      },
      {
        find: "pauses.set(intent, atMs + execution.rejectPauseMs);",
        replace: "",
        means: "a refused order is sent again at once",
      },
      {
        find: `if (state.orders.onCancel(row, event.outcome, atMs) === "ask") ask(state, row, atMs);`,
        replace: "state.orders.onCancel(row, event.outcome, atMs);",
        means: "a cancel of unknown outcome is not asked about",
      },
    ],
  },
  {
    file: "src/engine/day.ts",
    tests: ENGINE_TESTS,
    bugs: [
      {
        find: "const net = bookedNet(state) + unrealisedForLoss(state, atMs);",
        replace: "const net = bookedNet(state);",
        means: "an open loss is no loss of the day",
      },
      {
        find: "state.dayLossUsdt = fixedToNumber(state.dayStartNet - net);",
        replace: "state.dayLossUsdt = fixedToNumber(net - state.dayStartNet);",
        means: "gains are taken for losses",
      },
    ],
  },
];
