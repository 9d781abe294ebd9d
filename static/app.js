/**
 * The little that HTML cannot say by itself: whether the live stream is alive, how long a log may
 * grow, and dialogs in browsers without invoker commands. Everything works on events of the
 * document, so that it survives every swap.
 */
(() => {
  /** The server speaks once a second; three missed beats and a margin. */
  const SILENCE_MS_MAX = 5_000;
  /** A stream that never opened, or whose other end is gone without a word, is opened anew. */
  const RENEW_EVERY_MS = 10_000;
  let heardAtMs = Date.now();
  let renewedAtMs = 0;

  function setLost(isLost) {
    const line = document.getElementById("link-lost");
    if (line !== null && line.hidden === isLost) line.hidden = !isLost;
  }

  document.addEventListener("htmx:sse:after:message", () => {
    heardAtMs = Date.now();
    setLost(false);
    for (const list of document.querySelectorAll("[data-rows-max]")) trim(list);
    for (const box of document.querySelectorAll("[data-follow]")) follow(box);
  });
  setInterval(() => {
    const stream = document.getElementById("stream");
    const nowMs = Date.now();
    if (stream === null || document.hidden || nowMs - heardAtMs <= SILENCE_MS_MAX) return;
    setLost(true);
    if (nowMs - Math.max(heardAtMs, renewedAtMs) < RENEW_EVERY_MS) return;
    renewedAtMs = nowMs;
    const fresh = stream.cloneNode();
    fresh.removeAttribute("data-htmx-powered");
    htmx.swap({ sourceElement: stream, target: stream, swap: "outerHTML", text: fresh.outerHTML });
  }, 1_000);
  document.addEventListener("visibilitychange", () => {
    heardAtMs = Date.now();
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

  // An action from a dialog is done: close it, whatever came back is in the notice line.
  document.addEventListener("htmx:finally:request", (event) => {
    event.detail?.ctx?.sourceElement?.closest?.("dialog")?.close();
  });
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
