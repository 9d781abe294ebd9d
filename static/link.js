/**
 * Whether what is shown is the present. The server speaks at least once a second; a stream that
 * breaks or falls silent makes the page old, and says so, before two seconds have passed. The
 * stream is tried again after 0.5, 1, 2 and 4 s, and at once when a small question is answered
 * before that. What passed meanwhile is marked as a gap.
 */
(() => {
  const LATE_MS = 1_600;
  /** Five missed beats are a lost link. */
  const LOST_MS = 5_000;
  const LOOK_EVERY_MS = 200;
  /** A stream that never opened is opened anew; one that had no place asks more rarely. */
  const RENEW_EVERY_MS = 2_500;
  const FULL_MS = 10_000;
  /** A try that is not answered while other questions are hangs on a dead connection. */
  const HANGS_MS = 1_500;
  /** How often a server that is gone is asked whether it is back, for so long. */
  const ASK_MS = 900;
  const ASK_FOR_MS = 120_000;
  const ASK_SLOWLY_MS = 4_000;
  const GAPS_SHOWN = 3;

  let heardAtMs = performance.now();
  let openedAtMs = heardAtMs;
  let seenAtMs = heardAtMs;
  let renewedAtMs = heardAtMs;
  /** The end of the stream was noticed: nobody waits for silence to prove it. */
  let isBroken = false;
  let goodbye = "";
  let hasHeard = false;
  /** The extension's own record of the stream that is open. */
  let connection = null;
  /** When a stream last waited for its next try. */
  let waitedAtMs = heardAtMs;
  let lastId = "";

  // ------------------------------------------------------------------ what the page says

  const LOST = "Connection to the server lost: what you see is old. Reconnecting…";

  function setAge(silentMs) {
    const isLate = isBroken || silentMs > LATE_MS;
    const isLost = silentMs > LOST_MS;
    document.body.classList.toggle("late", isLate);
    document.body.classList.toggle("lost", isLost);
    const line = document.getElementById("link-lost");
    const words = goodbye === "" ? LOST : goodbye;
    const isShown = isLost || (isLate && goodbye !== "");
    if (line !== null) {
      if (isShown && line.textContent !== words) line.textContent = words;
      if (line.hidden === isShown) line.hidden = !isShown;
    }
    const age = `${Math.floor(silentMs / 1_000)} s`;
    const link = document.getElementById("link-age");
    const now = hasHeard ? "live" : "opening";
    const state = isLost ? `lost ${age}` : isLate ? `late ${age}` : now;
    if (link !== null && link.textContent !== state) link.textContent = state;
    for (const badge of document.querySelectorAll("#trading-state .badge, .health-link .badge")) {
      if (isLate) badge.dataset.age = age;
      else delete badge.dataset.age;
    }
  }

  document.addEventListener("htmx:sse:after:message", (event) => {
    const { event: name } = event.detail.message;
    if (name === "bye" || name === "session-end") return;
    heardAtMs = performance.now();
    hasHeard = true;
    isBroken = false;
    goodbye = "";
    connection = event.detail.connection;
    setAge(0);
  });

  const BYES = {
    restart: "The server is ending or starting anew: what you see is old. Reconnecting…",
    full: "There is no place for another live page: what you see stands still. ",
  };
  document.addEventListener("bye", (event) => {
    const { reason, why } = JSON.parse(event.detail.data);
    goodbye = reason === "full" ? `${BYES.full}${why}` : (BYES[reason] ?? "");
    if (reason === "full") renewedAtMs = performance.now() + FULL_MS - RENEW_EVERY_MS;
    isBroken = true;
    setAge(performance.now() - heardAtMs);
  });

  // ------------------------------------------------------------------ coming back

  document.addEventListener("htmx:sse:before:connection", (event) => {
    connection = event.detail.connection;
    // The first attempt of a page is no break, and a hidden page pauses by itself.
    if (connection.attempt === 0 || document.hidden) return;
    isBroken = true;
    // Who had no place does not knock at once.
    if (goodbye.startsWith(BYES.full)) event.preventDefault();
  });
  document.addEventListener("htmx:sse:after:connection", () => {
    openedAtMs = performance.now();
  });
  document.addEventListener("htmx:sse:error", () => {
    isBroken = !document.hidden;
  });

  /** Ends a stream that is open and silent; the extension then tries again by itself. */
  function cut() {
    connection?.reader?.cancel().catch(() => undefined);
  }

  function renew(nowMs) {
    const stream = document.getElementById("stream");
    if (stream === null || nowMs - Math.max(heardAtMs, renewedAtMs) < RENEW_EVERY_MS) return;
    renewedAtMs = nowMs;
    connection = null;
    const fresh = stream.cloneNode();
    fresh.removeAttribute("data-htmx-powered");
    // Under a name of our own: the extension takes the standard one off a connection that is new.
    const heard = JSON.stringify({ "X-Last-Event-ID": lastId });
    if (lastId !== "") fresh.setAttribute("hx-headers", heard);
    htmx.swap({ sourceElement: stream, target: stream, swap: "outerHTML", text: fresh.outerHTML });
  }

  /** The server answers: a stream that waits for its next try tries now, one that hangs anew. */
  function knock() {
    if (connection?.delayCanceller) connection.delayCanceller();
    else if (performance.now() - waitedAtMs > HANGS_MS) renew(performance.now());
  }

  let isAsking = false;
  let askedAtMs = heardAtMs;

  /** Asks whether the server is there; a stream that waits for its next try then tries now. */
  async function ask(nowMs) {
    const everyMs = nowMs - heardAtMs > ASK_FOR_MS ? ASK_SLOWLY_MS : ASK_MS;
    if (isAsking || nowMs - askedAtMs < everyMs * (0.7 + 0.6 * Math.random())) return;
    if (goodbye.startsWith(BYES.full)) return;
    isAsking = true;
    askedAtMs = nowMs;
    try {
      const answer = await fetch("/live/state", { signal: AbortSignal.timeout(ASK_MS) });
      if (answer.status < 500) knock();
    } catch {
      // Not there yet.
    }
    isAsking = false;
  }

  setInterval(() => {
    const nowMs = performance.now();
    if (document.getElementById("stream") === null || document.hidden) return;
    const silentMs = nowMs - heardAtMs;
    // An id comes after the messages that it stands for, and without one of its own.
    lastId = connection?.lastEventId || lastId;
    setAge(silentMs);
    // A page that comes back from the background gets its stream's own try first.
    const waitedMs = nowMs - Math.max(heardAtMs, seenAtMs);
    if (connection?.delayCanceller) waitedAtMs = nowMs;
    if (waitedMs > LATE_MS) {
      if (nowMs - openedAtMs > LATE_MS) cut();
      void ask(nowMs);
    }
    if (waitedMs > LOST_MS && !document.getElementById("stream")._htmx?.sse) renew(nowMs);
  }, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    seenAtMs = performance.now();
    // What was shown before is old from the first moment on.
    if (!document.hidden) setAge(seenAtMs - heardAtMs);
  });

  // ------------------------------------------------------------------ what was missed

  const clockOf = (ms) => {
    const isLocal = document.documentElement.classList.contains("zone-local");
    const at = new Date(isLocal ? ms - new Date(ms).getTimezoneOffset() * 60_000 : ms);
    return at.toISOString().slice(11, 19);
  };

  /** The charts listen to the same event; lists that are marked show it as a line. */
  document.addEventListener("gap", (event) => {
    const { fromMs, toMs } = JSON.parse(event.detail.data);
    mark(`gap ${clockOf(fromMs)}–${clockOf(toMs)}`, "not seen live on this page");
  });
  document.addEventListener("restart", (event) => {
    const { runId, fromMs } = JSON.parse(event.detail.data);
    const since = fromMs === null ? "" : ` since ${clockOf(fromMs)}`;
    mark(`restart: run ${runId} ended`, `nothing of it was seen${since}`);
  });

  function mark(text, title) {
    for (const box of document.querySelectorAll("[data-gaps]")) {
      const line = document.createElement("span");
      line.className = "gap-mark";
      line.textContent = text;
      line.title = title;
      box.append(line);
      while (box.childElementCount > GAPS_SHOWN) box.firstElementChild.remove();
      box.hidden = false;
    }
  }
})();
