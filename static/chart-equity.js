/**
 * What the account was worth: the line of equity, what fees alone took as a dashed one, the fall
 * from the best before it shaded, halts as bands, starts of the program as marks. A restart or a
 * silence longer than its neighbours' is a gap.
 */
(() => {
  const charts = window.scalperCharts;
  if (charts === undefined) return;

  const POINTS_MAX = 1_500;
  /** So many usual distances between two points are a gap. */
  const GAP_STEPS = 4;
  /** The past is thinned and fees come with it: it is asked for again so often. */
  const AGAIN_MS = 60_000;
  const FONT_PX = 11;

  /** The columns with a hole where points are missing or another run begins. */
  function withGaps({ t, equity, fees, starts }) {
    const steps = t.slice(1).map((atMs, at) => atMs - t[at]);
    const usual = steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)] ?? 0;
    const begins = new Set(starts);
    const out = [[], [], [], []];
    const from = fees?.findIndex((value) => value !== null) ?? -1;
    let peak = Number.NEGATIVE_INFINITY;
    for (const [at, atMs] of t.entries()) {
      const isGap = at > 0 && (begins.has(atMs) || atMs - t[at - 1] > usual * GAP_STEPS);
      if (isGap) for (const [n, value] of [t[at - 1] + 1, null, null, null].entries()) out[n].push(value);
      peak = Math.max(peak, equity[at]);
      // What fees alone took, from where they are known on.
      const paid = from === -1 || fees[at] === null ? null : equity[from] - (fees[at] - fees[from]);
      for (const [n, value] of [atMs, equity[at], peak, paid].entries()) out[n].push(value);
    }
    return out;
  }

  function paintUnder(plot, picture, ink) {
    const { ctx, bbox } = plot;
    const right = bbox.left + bbox.width;
    for (const { fromAtMs, untilAtMs, by } of picture.halts) {
      const left = Math.max(bbox.left, plot.valToPos(fromAtMs, "x", true));
      const end = Math.min(right, plot.valToPos(untilAtMs ?? plot.scales.x.max, "x", true));
      if (end <= left) continue;
      ctx.fillStyle = ink.warnGround;
      ctx.fillRect(left, bbox.top, end - left, bbox.height);
      ctx.fillStyle = ink.warn;
      ctx.textAlign = "left";
      ctx.fillText(`halted by ${by}`, left + 3, bbox.top + 13 * devicePixelRatio);
    }
    // Between the best so far and what there is: the drawdown.
    const [times, equity, peaks] = plot.data;
    ctx.fillStyle = ink.badGround;
    for (let at = 1; at < times.length; at++) {
      if (equity[at] === null || equity[at - 1] === null) continue;
      const [x0, x1] = [times[at - 1], times[at]].map((atMs) => plot.valToPos(atMs, "x", true));
      const ys = [peaks[at - 1], peaks[at], equity[at], equity[at - 1]].map((value) =>
        plot.valToPos(value, "y", true),
      );
      ctx.beginPath();
      ctx.moveTo(x0, ys[0]);
      ctx.lineTo(x1, ys[1]);
      ctx.lineTo(x1, ys[2]);
      ctx.lineTo(x0, ys[3]);
      ctx.fill();
    }
  }

  function paintOver(plot, picture, ink) {
    const { ctx, bbox } = plot;
    ctx.strokeStyle = ink.strong;
    ctx.fillStyle = ink.dim;
    ctx.lineWidth = devicePixelRatio;
    ctx.textAlign = "left";
    for (const atMs of picture.starts.slice(1)) {
      const x = plot.valToPos(atMs, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillText("restart", x + 3, bbox.top + bbox.height - 4);
    }
  }

  function optionsOf(chart) {
    const axis = () => ({
      stroke: () => chart.ink.dim,
      grid: { stroke: () => chart.ink.line, width: 1 },
      ticks: { show: false },
      font: `${FONT_PX}px system-ui, sans-serif`,
    });
    const line = (stroke, more) => ({ points: { show: false }, width: 1.4, stroke, spanGaps: false, ...more });
    const netColour = () => {
      const { equity } = chart.picture;
      return equity.at(-1) >= equity[0] ? chart.ink.up : chart.ink.down;
    };
    // A young account has its line from edge to edge, however long a range is asked for.
    const shownMs = () => {
      const { fromAtMs, atMs, t } = chart.picture;
      return [Math.max(fromAtMs, t[0] ?? fromAtMs), Math.max(atMs, t.at(-1))];
    };
    return {
      ms: 1,
      width: Math.max(120, chart.canvas.clientWidth),
      height: Math.max(80, chart.canvas.clientHeight),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: true, range: shownMs },
        y: {
          range: (_, low, high) => {
            if (low === null || high === null) return [0, 1];
            const air = (high - low || Math.abs(high) * 0.0005 || 1) * 0.08;
            return [low - air, high + air];
          },
        },
      },
      axes: [
        { ...axis(), size: 24, space: 80, values: (_, splits) => charts.axisTexts(splits) },
        {
          ...axis(),
          side: 1,
          size: 76,
          values: (_, splits) => splits.map((value) => charts.numberText(value, 2)),
        },
      ],
      series: [
        {},
        line(netColour),
        // The best so far is drawn as the edge of the shade only.
        { points: { show: false }, paths: () => null },
        line(() => chart.ink.warn, { dash: [4, 4], width: 1 }),
      ],
      hooks: {
        drawClear: [(plot) => chart.paint(plot, paintUnder)],
        draw: [(plot) => chart.paint(plot, paintOver)],
        setCursor: [(plot) => chart.say(plot.cursor.idx)],
      },
    };
  }

  class Equity {
    constructor(host) {
      this.host = host;
      this.canvas = host.querySelector(".chart-canvas");
      this.note = host.querySelector(".chart-note");
      this.ink = charts.colours(host);
      this.picture = null;
      this.plot = null;
      this.asked = 0;
      this.stop = charts.onStamp(host, "equity.now", (point) => this.grow(point));
      this.again = setInterval(() => {
        if (!document.hidden) this.show(this.host.dataset.range);
      }, AGAIN_MS);
      host.addEventListener("click", (event) => {
        const button = event.target.closest?.("button[data-range]");
        if (button !== null && button !== undefined) this.show(button.dataset.range);
      });
      this.show(host.dataset.range);
    }

    async show(range) {
      const asked = ++this.asked;
      this.host.dataset.range = range;
      for (const button of this.host.querySelectorAll("button[data-range]")) {
        button.setAttribute("aria-pressed", String(button.dataset.range === range));
      }
      const picture = await charts.columnsAt(this.host, () => `/api/chart/equity?range=${range}`);
      if (picture === null || asked !== this.asked) return;
      charts.guarded(this.host, () => {
        this.picture = picture;
        this.refresh();
      });
    }

    /** `[atMs, equity, fees]` of now. */
    grow([atMs, equity, fees]) {
      const { picture } = this;
      if (picture === null || atMs <= (picture.t.at(-1) ?? 0)) return;
      picture.t.push(atMs);
      picture.equity.push(equity);
      picture.fees?.push(fees ?? picture.fees.at(-1) ?? null);
      picture.fromAtMs += Math.max(0, atMs - picture.atMs);
      picture.atMs = Math.max(picture.atMs, atMs);
      while (picture.t.length > POINTS_MAX || picture.t[1] < picture.fromAtMs) {
        picture.t.shift();
        picture.equity.shift();
        picture.fees?.shift();
      }
      this.refresh();
    }

    refresh() {
      const { picture } = this;
      if (picture === null) return;
      if (picture.t.length < 2) {
        const atMs = (picture.t[0] ?? picture.atMs) + 10_000;
        this.note.textContent = `first point of the line at ${charts.timeText(atMs)}`;
        return;
      }
      const data = withGaps(picture);
      if (this.plot === null) this.plot = new window.uPlot(optionsOf(this), data, this.canvas);
      else this.plot.setData(data, true);
      this.say(this.plot.cursor.idx);
      if (this.host.querySelector(".chart-twin")?.open === true) charts.fillTable(this.host, this);
    }

    paint(plot, painter) {
      charts.guarded(this.host, () => {
        const { ctx } = plot;
        ctx.save();
        ctx.font = `${FONT_PX * devicePixelRatio}px system-ui, sans-serif`;
        painter(plot, this.picture, this.ink);
        ctx.restore();
      });
    }

    say(index) {
      const { picture, plot } = this;
      if (picture === null || plot === null || picture.t.length === 0) return;
      if (charts.isFailed(this.host)) return;
      const [times, equity, peaks, paid] = plot.data;
      const at = index ?? times.length - 1;
      if (equity[at] === null) {
        this.note.textContent = `${charts.stampText(times[at])}  nothing was recorded`;
        return;
      }
      const change = equity[at] - picture.equity[0];
      const first = paid.find((value) => value !== null) ?? null;
      const fees =
        first === null || paid[at] === null ? "" : `  fees ${charts.signedText(paid[at] - first, 2)}`;
      this.note.textContent =
        `${charts.stampText(times[at])}  ${charts.numberText(equity[at], 2)}  ` +
        `${charts.signedText(change, 2)}${fees}  drawdown ${charts.signedText(equity[at] - peaks[at], 2)}`;
      charts.setSentence(this.host, this.sentence());
    }

    sentence() {
      const { t, equity } = this.picture;
      const low = equity.reduce((best, value, at) => (value < equity[best] ? at : best), 0);
      const words = { "5m": "5 minutes", "1h": "hour", "24h": "24 hours", "7d": "7 days", "30d": "30 days" };
      return (
        `Net ${charts.signedText(equity.at(-1) - equity[0], 2)} USDT in the last ` +
        `${words[this.host.dataset.range]}, low ${charts.signedText(equity[low] - equity[0], 2)} ` +
        `at ${charts.minuteText(t[low])}`
      );
    }

    columns() {
      return [`Time (${charts.zoneName()})`, "Equity", "Since the first", "Fees"];
    }

    /** Newest first. */
    rows() {
      if (this.picture === null) return [];
      const { t, equity, fees } = this.picture;
      return t
        .map((atMs, at) => [
          charts.stampText(atMs),
          charts.numberText(equity[at], 2),
          charts.signedText(equity[at] - equity[0], 2),
          charts.numberText(fees?.[at] ?? null, 2),
        ])
        .reverse();
    }

    draw(why) {
      if (this.plot === null) return;
      if (why === "colours") {
        this.ink = charts.colours(this.host);
        this.plot.redraw(false, true);
        this.say(this.plot.cursor.idx);
        return;
      }
      const { clientWidth: width, clientHeight: height } = this.canvas;
      if (width > 0 && height > 0) this.plot.setSize({ width, height });
    }

    end() {
      clearInterval(this.again);
      this.stop();
      this.plot?.destroy();
      this.plot = null;
    }
  }

  charts.kind("equity", (host) => new Equity(host));
})();
