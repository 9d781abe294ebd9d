/**
 * The window of time that a chart shows: it follows the newest point until somebody moves it.
 * Dragging and sideways wheels move it, two fingers and Ctrl + wheel scale it, so do the arrow keys
 * and + and − while the chart has the focus; a double click or End follows again. A plain wheel and
 * one finger going up or down still scroll the page.
 */
(() => {
  const charts = window.scalperCharts;
  if (charts === undefined || charts.windowOf !== undefined) return;

  const ZOOM_STEP = 1.25;
  const PAN_SHARE = 0.2;

  charts.windowOf = (canvas, { lastMs, spanMs: wishedMs, limits, onChange }) => {
    let spanMs = wishedMs;
    /** Null while it follows. */
    let endMs = null;
    const pointers = new Map();

    const end = () => endMs ?? lastMs();
    const moved = () => onChange();
    const clampSpan = (ms) => Math.min(Math.max(ms, limits().leastMs), limits().mostMs);

    function pan(ms) {
      const wanted = end() + ms;
      endMs = wanted >= lastMs() ? null : Math.max(wanted, limits().firstMs + spanMs / 4);
      moved();
    }

    /** Scales around a share of the width; what lies there stays there. */
    function zoom(factor, share) {
      const before = spanMs;
      spanMs = clampSpan(spanMs * factor);
      if (endMs !== null) endMs = Math.min(lastMs(), end() + (spanMs - before) * (1 - share));
      moved();
    }

    function follow() {
      endMs = null;
      spanMs = clampSpan(wishedMs);
      moved();
    }

    const widthPx = () => Math.max(1, canvas.clientWidth);
    const shareOf = (event) =>
      (event.clientX - canvas.getBoundingClientRect().left) / widthPx();

    canvas.addEventListener(
      "wheel",
      (event) => {
        const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
        if (!event.ctrlKey && !event.metaKey && !isSideways) return;
        event.preventDefault();
        if (isSideways) pan((event.deltaX / widthPx()) * spanMs);
        else zoom(Math.exp(event.deltaY / 200), shareOf(event));
      },
      { passive: false },
    );

    const apartPx = () => {
      const [one, other] = [...pointers.values()];
      return Math.max(8, Math.hypot(one.x - other.x, one.y - other.y));
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (before === undefined) return;
      const now = { x: event.clientX, y: event.clientY };
      if (pointers.size === 1) {
        pointers.set(event.pointerId, now);
        if (now.x !== before.x) pan(((before.x - now.x) / widthPx()) * spanMs);
        return;
      }
      if (pointers.size > 2) return;
      const apart = apartPx();
      pointers.set(event.pointerId, now);
      zoom(apart / apartPx(), shareOf(event));
    });
    for (const ended of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(ended, (event) => pointers.delete(event.pointerId));
    }
    canvas.addEventListener("dblclick", follow);
    const KEYS = {
      ArrowLeft: () => pan(-spanMs * PAN_SHARE),
      ArrowRight: () => pan(spanMs * PAN_SHARE),
      "+": () => zoom(1 / ZOOM_STEP, 1),
      "=": () => zoom(1 / ZOOM_STEP, 1),
      "-": () => zoom(ZOOM_STEP, 1),
      Home: () => {
        endMs = limits().firstMs + spanMs;
        moved();
      },
      End: follow,
    };
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = KEYS[event.key];
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });

    return {
      range: () => [end() - spanMs, end()],
      isFollowing: () => endMs === null,
      follow,
      reset: (ms) => {
        wishedMs = ms;
        follow();
      },
    };
  };
})();
