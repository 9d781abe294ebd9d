/**
 * A phone's Halt: held for 600 ms it halts without a question; a shorter press asks as everywhere
 * else, so that a screen reader's press and a slip of the thumb both end at the question.
 */
(() => {
  const HOLD_MS = 600;
  /** A click that belongs to the press comes within so long after it, if at all. */
  const CLICK_MS = 500;
  let timer = 0;
  let isDone = false;

  function stop() {
    clearTimeout(timer);
    document.getElementById("stop-halt")?.classList.remove("holding");
  }

  document.addEventListener("pointerdown", (event) => {
    const button = event.target.closest?.("#stop-halt");
    const form = document.querySelector("#dialog-halt form");
    if (!button || button.disabled || form === null || event.pointerType !== "touch") return;
    isDone = false;
    button.classList.add("holding");
    timer = setTimeout(() => {
      isDone = true;
      stop();
      form.requestSubmit(form.querySelector("button[type=submit]"));
    }, HOLD_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) {
    document.addEventListener(name, (event) => {
      const isOff = name === "pointermove" && event.target.closest?.("#stop-halt") !== null;
      if (!isOff) stop();
      if (isDone && name !== "pointermove") setTimeout(() => (isDone = false), CLICK_MS);
    });
  }
  // The press that has halted already does not ask as well.
  document.addEventListener(
    "click",
    (event) => {
      if (!isDone || !event.target.closest?.("#stop-halt")) return;
      isDone = false;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  document.addEventListener("contextmenu", (event) => {
    if (event.target.closest?.("#stop-halt")) event.preventDefault();
  });
})();
