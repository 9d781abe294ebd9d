/**
 * What all charts share: finding their hosts, colours from the page's tokens, time and numbers, the
 * table with the same data, and what is left when one fails. A chart is drawn from columns that it
 * fetches and grows by what the live stream writes into its stamp. Whatever is thrown in here ends
 * the one chart: its table opens in its place and the page goes on.
 */
(() => {
  if (window.scalperCharts !== undefined) return;

  /** Kind of chart by name: makes `{ columns(), rows(), sentence(), draw(), end() }` of a host. */
  const kinds = new Map();
  /** Running charts by host. */
  const running = new Map();
  /** Tries again after a fetch that failed; the page is old by then and says so. */
  const RETRY_MS = 3_000;
  /** Rows of a table at once: more than anybody reads, few enough to be made in a frame. */
  const ROWS_MAX = 1_200;

  const TOKENS = {
    text: "--text",
    dim: "--text-2",
    line: "--line",
    strong: "--line-strong",
    up: "--good",
    down: "--bad",
    accent: "--accent",
    warn: "--warn",
    badGround: "--bad-ground",
    warnGround: "--warn-ground",
    surface: "--surface",
  };

  /** Tokens may be `light-dark()`: only an element with that colour says what they are now. */
  function colours(host) {
    const probe = document.createElement("i");
    probe.hidden = true;
    host.append(probe);
    const found = {};
    for (const [name, token] of Object.entries(TOKENS)) {
      probe.style.color = `var(${token})`;
      found[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return found;
  }

  /** Undefined is the browser's own. */
  const zone = () =>
    document.documentElement.classList.contains("zone-local") ? undefined : "UTC";
  const zoneName = () => (zone() === undefined ? "local" : "UTC");
  const clocks = new Map();

  /** A time as the page's zone has it. */
  function clock(atMs, options) {
    const key = `${zoneName()} ${JSON.stringify(options)}`;
    let format = clocks.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat("sv-SE", { hourCycle: "h23", ...options, timeZone: zone() });
      clocks.set(key, format);
    }
    return format.format(atMs);
  }

  const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const MINUTE = { hour: "2-digit", minute: "2-digit" };
  const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };
  const timeText = (atMs) => clock(atMs, TIME);
  const minuteText = (atMs) => clock(atMs, MINUTE);
  /** "11-21": the year is known. */
  const dayText = (atMs) => clock(atMs, DAY).slice(5);
  const stampText = (atMs) => `${dayText(atMs)} ${timeText(atMs)}`;

  /** Labels of a time axis: as fine as its steps, and the day where it changes. */
  function axisTexts(splits) {
    const stepMs = splits.length > 1 ? splits[1] - splits[0] : 60_000;
    let day = "";
    return splits.map((atMs) => {
      const now = dayText(atMs);
      const isNewDay = day !== "" && now !== day;
      day = now;
      if (stepMs >= 86_400_000 || isNewDay) return now;
      return stepMs < 60_000 ? timeText(atMs) : minuteText(atMs);
    });
  }

  const MINUS = "\u2212";
  function numberText(value, decimals) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    const text = Math.abs(value).toFixed(decimals);
    const [whole, fraction] = text.split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    const sign = value < 0 && Number(text) !== 0 ? MINUS : "";
    return `${sign}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
  }
  const signedText = (value, decimals) =>
    `${value > 0 && Number(value.toFixed(decimals)) !== 0 ? "+" : ""}${numberText(value, decimals)}`;

  // ------------------------------------------------------------------------------ the table

  function tableOf(columns, rows) {
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const [at, name] of columns.entries()) {
      const cell = document.createElement("th");
      cell.scope = "col";
      if (at > 0) cell.className = "r";
      cell.textContent = name;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const row of rows.slice(0, ROWS_MAX)) {
      const line = body.insertRow();
      for (const [at, text] of row.entries()) {
        const cell = line.insertCell();
        if (at > 0) cell.className = "r";
        cell.textContent = text;
      }
    }
    return table;
  }

  function fillTable(host, chart) {
    const box = host.querySelector(".chart-twin .scroll");
    if (box === null || chart.rows === undefined) return;
    const rows = chart.rows();
    if (rows.length > 0) box.replaceChildren(tableOf(chart.columns(), rows));
  }

  // ------------------------------------------------------------------------------ the hosts

  function fail(host, error) {
    const chart = running.get(host);
    host.classList.add("failed");
    host.classList.remove("on");
    host.dataset.started = "failed";
    const note = host.querySelector(".chart-note");
    if (note !== null) {
      note.textContent = `The chart cannot be drawn here (${error?.message ?? error}). Its table:`;
    }
    const twin = host.querySelector(".chart-twin");
    if (twin !== null) twin.open = true;
    if (chart === undefined) return;
    try {
      fillTable(host, chart);
    } catch {
      // What was in the table stays.
    }
    // The library may be in the middle of drawing it.
    setTimeout(() => {
      try {
        chart.end();
      } catch {
        // It is not looked at any more.
      }
    });
  }

  /** The last one that was worked on. */
  let atWork = null;

  /** Runs a part of a chart; what it throws ends that chart alone. */
  const guarded = (host, work) => {
    if (host.dataset.started === "failed") return undefined;
    atWork = host;
    try {
      return work();
    } catch (error) {
      fail(host, error);
      return undefined;
    }
  };

  // The library draws in turns of its own, where nobody of ours catches what it throws.
  addEventListener("error", ({ filename, error }) => {
    if (/\/uPlot[^/]*$/.test(filename) && atWork !== null) fail(atWork, error);
  });

  function start(host) {
    host.dataset.started = "yes";
    guarded(host, () => {
      if (window.uPlot === undefined) throw new Error("the chart library did not load");
      const make = kinds.get(host.dataset.chart);
      if (make === undefined) throw new Error(`no chart is called ${host.dataset.chart}`);
      host.classList.add("on");
      const chart = make(host);
      running.set(host, chart);
      const twin = host.querySelector(".chart-twin");
      twin?.addEventListener("toggle", () => {
        if (twin.open) guarded(host, () => fillTable(host, chart));
      });
      const resized = new ResizeObserver(() => guarded(host, () => chart.draw("size")));
      resized.observe(host.querySelector(".chart-canvas"));
    });
  }

  function look() {
    for (const [host, chart] of running) {
      if (host.isConnected) continue;
      running.delete(host);
      guarded(host, () => chart.end());
    }
    for (const host of document.querySelectorAll("[data-chart]:not([data-started])")) start(host);
  }

  const redraw = () => {
    for (const [host, chart] of running) guarded(host, () => chart.draw("colours"));
  };
  new MutationObserver(redraw).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.addEventListener("htmx:after:swap", () => queueMicrotask(look));
  document.addEventListener("DOMContentLoaded", look);

  /** The columns at an address. Tries until it has them or the host is gone. */
  async function columnsAt(host, address) {
    while (host.isConnected && host.dataset.started !== "failed") {
      try {
        const answer = await fetch(address(), { headers: { accept: "application/json" } });
        if (answer.status === 401) return null;
        if (answer.ok) return await answer.json();
        if (answer.status < 500) {
          const told = await answer.json().catch(() => null);
          throw Object.assign(new Error(told?.error?.message ?? `HTTP ${answer.status}`), {
            isFinal: true,
          });
        }
      } catch (error) {
        if (error.isFinal === true) {
          fail(host, error);
          return null;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    return null;
  }

  /** Tells of every change of a stamp that the live stream writes. Returns how to stop. */
  function onStamp(host, name, listen) {
    let last = "";
    const read = () => {
      const cell = document.querySelector(`[data-v="${CSS.escape(name)}"]`);
      const text = cell?.getAttribute("data-stamp") ?? "";
      if (text === "" || text === last) return;
      last = text;
      guarded(host, () => listen(JSON.parse(text)));
    };
    const events = ["values", "htmx:after:swap"];
    // After the values lane has written them.
    const later = () => queueMicrotask(read);
    for (const event of events) document.addEventListener(event, later);
    read();
    return () => {
      for (const event of events) document.removeEventListener(event, later);
    };
  }

  function setSentence(host, text) {
    const canvas = host.querySelector(".chart-canvas");
    if (canvas !== null && canvas.getAttribute("aria-label") !== text) {
      canvas.setAttribute("aria-label", text);
    }
  }

  window.scalperCharts = {
    kind: (name, make) => {
      kinds.set(name, make);
    },
    look,
    guarded,
    zoneName,
    isFailed: (host) => host.dataset.started === "failed",
    fillTable,
    colours,
    columnsAt,
    onStamp,
    setSentence,
    axisTexts,
    numberText,
    signedText,
    timeText,
    minuteText,
    stampText,
  };
})();
