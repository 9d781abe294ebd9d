/**
 * Holds a log still: new lines go on to be collected below, and the box does not move until the
 * button is pressed again. The key that presses it is the button's `data-key`.
 */
(() => {
  /** While it is held, lines do not leave at the top before there are this many. */
  const HELD_ROWS_MAX = 5_000;

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-log-pause]");
    const box = document.querySelector("[data-log-box]");
    const list = box?.querySelector("[data-rows-max]");
    if (!button || !box || !list) return;
    const isHeld = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!isHeld));
    button.textContent = isHeld ? "Pause" : "Follow";
    box.toggleAttribute("data-follow", isHeld);
    if (isHeld) {
      list.dataset.rowsMax = list.dataset.rowsUsual;
      box.scrollTop = box.scrollHeight;
    } else {
      list.dataset.rowsUsual = list.dataset.rowsMax;
      list.dataset.rowsMax = String(HELD_ROWS_MAX);
    }
  });
})();
