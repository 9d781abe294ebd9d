/**
 * The little that HTML cannot say by itself: whether the live stream is alive, how long a log may
 * grow, and dialogs in browsers without invoker commands. Everything works on events of the
 * document, so that it survives every swap.
 */
(() => {
  /** The server speaks once a second: after this what is shown is old, and says so. */
  const LATE_MS = 1_800;
  /** Five missed beats are a lost link. */
  const LOST_MS = 5_000;
  const LOOK_EVERY_MS = 200;
  /** A stream that never opened, or whose other end is gone without a word, is opened anew. */
  const RENEW_EVERY_MS = 10_000;
  let heardAtMs = performance.now();
  let seenAtMs = heardAtMs;
  let renewedAtMs = heardAtMs;

  function setAge(silentMs) {
    const isLate = silentMs > LATE_MS;
    document.body.classList.toggle("late", isLate);
    document.body.classList.toggle("lost", silentMs > LOST_MS);
    const line = document.getElementById("link-lost");
    const isShown = silentMs > LOST_MS;
    if (line !== null && line.hidden === isShown) line.hidden = !isShown;
    const age = `${Math.floor(silentMs / 1_000)} s`;
    const link = document.getElementById("link-age");
    const words = isShown ? `lost ${age}` : isLate ? `late ${age}` : "live";
    if (link !== null && link.textContent !== words) link.textContent = words;
    for (const badge of document.querySelectorAll("#trading-state .badge, .health-link .badge")) {
      if (isLate) badge.dataset.age = age;
      else delete badge.dataset.age;
    }
  }

  document.addEventListener("htmx:sse:after:message", () => {
    heardAtMs = performance.now();
    setAge(0);
    for (const list of document.querySelectorAll("[data-rows-max]")) trim(list);
    for (const box of document.querySelectorAll("[data-follow]")) follow(box);
  });
  setInterval(() => {
    const stream = document.getElementById("stream");
    const nowMs = performance.now();
    if (stream === null || document.hidden) return;
    setAge(nowMs - heardAtMs);
    // A page that comes back from the background gets its stream's own try first.
    if (nowMs - Math.max(heardAtMs, seenAtMs) <= LOST_MS) return;
    if (nowMs - Math.max(heardAtMs, renewedAtMs) < RENEW_EVERY_MS) return;
    renewedAtMs = nowMs;
    const fresh = stream.cloneNode();
    fresh.removeAttribute("data-htmx-powered");
    htmx.swap({ sourceElement: stream, target: stream, swap: "outerHTML", text: fresh.outerHTML });
  }, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    seenAtMs = performance.now();
    // What was shown before is old from the first moment on.
    if (!document.hidden) setAge(seenAtMs - heardAtMs);
  });

  // A plain form is on its way to a page of its own. A new password ends the old session, so that
  // the end of the stream overtakes the answer: it must not take the answer's place.
  let isLeaving = false;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) isLeaving = true;
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
  });

  // The choice is sent by the form itself; here it only shows at once.
  document.addEventListener("change", (event) => {
    if (event.target.closest?.("form[data-theme-choice]") === null) return;
    document.documentElement.dataset.theme = event.target.value;
  });

  // A session that ended shows nothing of the account any more.
  const toLogin = () => {
    if (!isLeaving) location.assign("/login");
  };
  document.addEventListener("session-end", toLogin);
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail?.status === 401) toLogin();
  });

  function trim(list) {
    const rowsMax = Number(list.dataset.rowsMax);
    while (list.childElementCount > rowsMax) list.firstElementChild.remove();
  }

  /** Stays at the end unless the reader scrolled up. */
  const scrolledUp = new WeakSet();
  function follow(box) {
    if (!scrolledUp.has(box)) box.scrollTop = box.scrollHeight;
  }
  document.addEventListener(
    "scroll",
    (event) => {
      const box = event.target;
      if (!(box instanceof Element) || !box.matches("[data-follow]")) return;
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
      if (isAtEnd) scrolledUp.delete(box);
      else scrolledUp.add(box);
    },
    { capture: true, passive: true },
  );

  if (!("commandForElement" in HTMLButtonElement.prototype)) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("button[commandfor]");
      const dialog = button && document.getElementById(button.getAttribute("commandfor"));
      if (!dialog) return;
      if (button.getAttribute("command") === "show-modal") dialog.showModal();
      else dialog.close();
    });
  }

  for (const box of document.querySelectorAll("[data-follow]")) follow(box);
})();
