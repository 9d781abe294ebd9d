/**
 * One symbol's candles with what is ours in them: fills as ▲ and ▼, live orders, entry and stop as
 * lines, halts as bands, a book that cannot be believed hatched with its reason. Bars lie at their
 * times, so that what was missed is a gap.
 */
(() => {
  const charts = window.scalperCharts;
  if (charts === undefined) return;

  const BARS_MAX = 1_200;
  /** Bars in the window at first, by width: a candle is at least this many pixels. */
  const CANDLE_PX = 7;
  const LABEL_PX = 13;
  /** A line further away than this share of the window's prices is named at the edge instead. */
  const FAR_SHARE = 0.8;
  const NAMES = ["t", "o", "h", "l", "c", "v"];
  /** The same order as in the stamp. */
  const STAMPED = ["1s", "1s", "5s", "1m", "5m", "1h"];

  function linesOf(picture, ink) {
    const lines = picture.orders.map(({ side, purpose, price, leftQty }) => ({
      price: Number(price),
      text: `${purpose} ${side} ${price} · ${leftQty}`,
      colour: side === "buy" ? ink.accent : ink.warn,
    }));
    const { entryPrice, stopLoss, side } = picture;
    if (entryPrice !== "") {
      lines.push({ price: Number(entryPrice), text: `entry ${entryPrice} ${side}`, colour: ink.dim });
    }
    if (stopLoss !== "") {
      lines.push({ price: Number(stopLoss), text: `stop ${stopLoss}`, colour: ink.down });
    }
    return lines;
  }

  /** Prices of the window with what of ours lies near them, and some air. */
  function priceRange(picture, lowest, highest) {
    if (lowest === null || highest === null || lowest === undefined) return [0, 1];
    let [low, high] = [lowest, highest];
    const far = (high - low || high * 0.001) * FAR_SHARE;
    for (const { price } of linesOf(picture, {})) {
      if (price < low && low - price <= far) low = price;
      if (price > high && price - high <= far) high = price;
    }
    const air = (high - low || high * 0.001 || 1) * 0.07;
    return [low - air, high + air];
  }

  function paintBands(plot, picture, ink) {
    const { ctx, bbox } = plot;
    for (const { fromAtMs, untilAtMs, by } of picture.halts) {
      const left = Math.max(bbox.left, plot.valToPos(fromAtMs, "x", true));
      const endMs = untilAtMs ?? plot.scales.x.max;
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(endMs, "x", true));
      if (right <= left) continue;
      ctx.fillStyle = ink.badGround;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.fillStyle = ink.down;
      ctx.textAlign = "left";
      ctx.fillText(`halted by ${by}`, left + 3, bbox.top + LABEL_PX * devicePixelRatio);
    }
  }

  function paintCandles(plot, picture, ink) {
    const { ctx } = plot;
    const [from, until] = plot.series[0].idxs;
    if (from === null || until === null) return;
    const part = new Set(picture.partAtMs);
    const one = Math.abs(
      plot.valToPos(picture.spanMs, "x", true) - plot.valToPos(0, "x", true),
    );
    const body = Math.max(1, Math.floor(one * 0.7));
    const wick = Math.max(1, Math.min(devicePixelRatio, body / 3));
    for (let at = from; at <= until; at++) {
      const [open, high, low, close] = [1, 2, 3, 4].map((column) => plot.data[column][at]);
      const middle = plot.valToPos(plot.data[0][at], "x", true) + one / 2;
      const [top, bottom] = [high, low].map((price) => plot.valToPos(price, "y", true));
      const ends = [open, close].map((price) => plot.valToPos(price, "y", true));
      ctx.globalAlpha = part.has(plot.data[0][at]) ? 0.45 : 1;
      ctx.fillStyle = close > open ? ink.up : close < open ? ink.down : ink.dim;
      ctx.fillRect(middle - wick / 2, top, wick, Math.max(1, bottom - top));
      const head = Math.min(...ends);
      const height = Math.max(devicePixelRatio, Math.abs(ends[0] - ends[1]));
      ctx.fillRect(middle - body / 2, head, body, height);
    }
    ctx.globalAlpha = 1;
  }

  function paintFills(plot, picture, ink) {
    const { ctx } = plot;
    const { min, max } = plot.scales.x;
    const size = 5 * devicePixelRatio;
    for (const { atMs, side, price } of picture.fills) {
      if (atMs < min || atMs > max) continue;
      const x = plot.valToPos(atMs, "x", true);
      const y = plot.valToPos(Number(price), "y", true);
      const way = side === "buy" ? 1 : -1;
      ctx.fillStyle = side === "buy" ? ink.accent : ink.warn;
      ctx.strokeStyle = ink.surface;
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, y + way * 2);
      ctx.lineTo(x - size, y + way * (size * 1.7 + 2));
      ctx.lineTo(x + size, y + way * (size * 1.7 + 2));
      ctx.closePath();
      ctx.stroke();
      ctx.fill();
    }
  }

  function paintLines(plot, picture, ink) {
    const { ctx, bbox } = plot;
    const right = bbox.left + bbox.width;
    const places = linesOf(picture, ink)
      .map((line) => {
        const y = plot.valToPos(line.price, "y", true);
        const isIn = y >= bbox.top && y <= bbox.top + bbox.height;
        const text = isIn ? line.text : `${line.text} ${y < bbox.top ? "↑" : "↓"}`;
        return { ...line, y, isIn, text };
      })
      .sort((one, other) => one.y - other.y);
    const step = LABEL_PX * devicePixelRatio;
    let above = bbox.top - 1;
    ctx.textAlign = "right";
    for (const { y, isIn, text, colour } of places) {
      if (isIn) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(right, y);
        ctx.stroke();
        ctx.setLineDash([]);
      }
      const wanted = Math.min(Math.max(y - 3 * devicePixelRatio, bbox.top + step), bbox.top + bbox.height - 2);
      const place = Math.max(wanted, above + step);
      above = place;
      const width = ctx.measureText(text).width;
      ctx.fillStyle = ink.surface;
      ctx.globalAlpha = 0.75;
      ctx.fillRect(right - width - 6, place - step + 3, width + 4, step);
      ctx.globalAlpha = 1;
      ctx.fillStyle = colour;
      ctx.fillText(text, right - 4, place);
    }
  }

  const DISTRUST = {
    quarantined: "book quarantined",
    stale: "book stale",
    none: "no book",
  };

  function paintDistrust(plot, { bookState, bookFault }, ink) {
    const word = DISTRUST[bookState];
    if (word === undefined) return;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = bookState === "quarantined" ? ink.down : ink.strong;
    ctx.globalAlpha = 0.35;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (let x = bbox.left - bbox.height; x < bbox.left + bbox.width; x += 12 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.textAlign = "center";
    ctx.fillStyle = bookState === "quarantined" ? ink.down : ink.warn;
    const text = bookFault === "" ? word : `${word}: ${bookFault}`;
    ctx.fillText(text.slice(0, 90), bbox.left + bbox.width / 2, bbox.top + bbox.height - 8);
    ctx.restore();
  }

  const FONT_PX = 11;

  function optionsOf(chart) {
    const axis = () => ({
      stroke: () => chart.ink.dim,
      grid: { stroke: () => chart.ink.line, width: 1 },
      ticks: { show: false },
      font: `${FONT_PX}px system-ui, sans-serif`,
    });
    return {
      ms: 1,
      width: Math.max(120, chart.canvas.clientWidth),
      height: Math.max(90, chart.canvas.clientHeight),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: true, range: () => chart.time.range() },
        y: { range: (_, low, high) => priceRange(chart.picture, low, high) },
      },
      axes: [
        { ...axis(), size: 24, space: 80, values: (_, splits) => charts.axisTexts(splits) },
        {
          ...axis(),
          side: 1,
          size: 14 + 7 * charts.numberText(chart.picture.c.at(-1) ?? 0, chart.picture.decimals).length,
          values: (_, splits) =>
            splits.map((price) => charts.numberText(price, chart.picture.decimals)),
        },
      ],
      series: [{}, ...["o", "h", "l", "c"].map(() => ({ paths: () => null, points: { show: false } }))],
      hooks: {
        drawClear: [(plot) => chart.paint(plot, [paintBands])],
        draw: [(plot) => chart.paint(plot, [paintCandles, paintLines, paintFills, paintDistrust])],
        setCursor: [(plot) => chart.say(plot.cursor.idx)],
      },
    };
  }

  class Candles {
    constructor(host) {
      this.host = host;
      this.canvas = host.querySelector(".chart-canvas");
      this.note = host.querySelector(".chart-note");
      this.ink = charts.colours(host);
      this.symbol = host.dataset.symbol;
      this.interval = host.dataset.interval;
      this.picture = null;
      this.plot = null;
      /** Rises with every other question, so that an answer to an older one is not drawn. */
      this.asked = 0;
      this.isFilling = false;
      this.time = charts.windowOf(this.canvas, {
        lastMs: () => this.lastMs(),
        spanMs: 60_000,
        limits: () => this.limits(),
        onChange: () => charts.guarded(host, () => this.refresh()),
      });
      this.stops = [
        charts.onStamp(host, `bars.${this.symbol}`, (bars) => this.grow(bars)),
        charts.onStamp(host, `ours.${this.symbol}`, (ours) => this.take(ours)),
      ];
      host.addEventListener("click", (event) => {
        const button = event.target.closest?.("button[data-interval]");
        if (button !== null && button !== undefined) this.show(button.dataset.interval);
        else if (event.target.closest?.("button[data-now]") !== null) this.time.follow();
      });
      this.show(this.interval);
    }

    lastMs() {
      const { picture } = this;
      if (picture === null) return Date.now();
      const lastAtMs = picture.t.at(-1) ?? picture.atMs;
      // Air at the right, for the labels of lines.
      return lastAtMs + picture.spanMs * 2;
    }

    limits() {
      const { picture } = this;
      const spanMs = picture?.spanMs ?? 1_000;
      return {
        firstMs: picture?.t[0] ?? 0,
        leastMs: spanMs * 12,
        mostMs: spanMs * BARS_MAX,
      };
    }

    async show(interval) {
      const asked = ++this.asked;
      this.interval = interval;
      this.host.dataset.interval = interval;
      for (const button of this.host.querySelectorAll("button[data-interval]")) {
        button.setAttribute("aria-pressed", String(button.dataset.interval === interval));
      }
      const path = `/api/symbol/${encodeURIComponent(this.symbol)}/bars`;
      const picture = await charts.columnsAt(this.host, () => `${path}?interval=${interval}`);
      if (picture === null || asked !== this.asked) return;
      charts.guarded(this.host, () => this.open(picture));
    }

    open(picture) {
      this.picture = picture;
      const bars = Math.max(30, Math.floor(this.canvas.clientWidth / CANDLE_PX));
      this.plot?.destroy();
      this.plot = null;
      this.time.reset(picture.spanMs * bars);
      this.refresh();
    }

    /** Fetches what is newer than the last bar that is surely over, and puts it in the place. */
    async fill() {
      if (this.isFilling || this.picture === null) return;
      this.isFilling = true;
      const asked = this.asked;
      const { t, symbol, interval } = this.picture;
      const from = t.at(-2) ?? 0;
      const path = `/api/symbol/${encodeURIComponent(symbol)}/bars`;
      const fresh = await charts.columnsAt(this.host, () => `${path}?interval=${interval}&from=${from}`);
      this.isFilling = false;
      if (fresh === null || asked !== this.asked) return;
      charts.guarded(this.host, () => {
        const { picture } = this;
        const keep = picture.t.findIndex((atMs) => atMs >= from);
        for (const name of NAMES) {
          picture[name] = [...picture[name].slice(0, keep), ...fresh[name]].slice(-BARS_MAX);
        }
        const older = picture.partAtMs.filter((atMs) => atMs < from);
        picture.partAtMs = [...older, ...fresh.partAtMs];
        this.refresh();
      });
    }

    /** The newest bars by interval, from the stream. */
    grow(bars) {
      const { picture } = this;
      if (picture === null) return;
      let isOver = false;
      for (const [at, bar] of bars.entries()) {
        if (STAMPED[at] !== picture.interval || bar === null) continue;
        const lastAtMs = picture.t.at(-1) ?? 0;
        if (bar[0] < lastAtMs) {
          // The bar before the running one: as it was when it closed.
          if (bar[0] === picture.t.at(-2)) for (const [n, name] of NAMES.entries()) picture[name].splice(-2, 1, bar[n]);
          continue;
        }
        if (bar[0] === lastAtMs) {
          for (const [n, name] of NAMES.entries()) picture[name].splice(-1, 1, bar[n]);
          continue;
        }
        isOver ||= picture.interval !== "1s" || bar[0] > lastAtMs + picture.spanMs;
        for (const [n, name] of NAMES.entries()) {
          picture[name].push(bar[n]);
          if (picture[name].length > BARS_MAX) picture[name].shift();
        }
      }
      this.refresh();
      // How the last one closed, or what was missed, only the server knows.
      if (isOver) this.fill();
    }

    /** What is ours, from the stream. */
    take(ours) {
      if (this.picture === null) return;
      const known = new Set(ours.fills.map(({ atMs, price, qty }) => `${atMs} ${price} ${qty}`));
      const others = this.picture.fills.filter(
        ({ atMs, price, qty }) => !known.has(`${atMs} ${price} ${qty}`),
      );
      const firstAtMs = ours.halts[0]?.fromAtMs ?? Number.POSITIVE_INFINITY;
      const older = this.picture.halts.filter(({ fromAtMs }) => fromAtMs < firstAtMs);
      const halts = [...older, ...ours.halts];
      Object.assign(this.picture, ours, { halts, fills: [...ours.fills, ...others] });
      this.refresh();
    }

    refresh() {
      const { picture } = this;
      if (picture === null) return;
      const data = [picture.t, picture.o, picture.h, picture.l, picture.c];
      if (picture.t.length === 0) {
        this.note.textContent = "no bar yet: the first one comes with the next trade";
        return;
      }
      if (this.plot === null) this.plot = new window.uPlot(optionsOf(this), data, this.canvas);
      else this.plot.setData(data, true);
      this.say(this.plot.cursor.idx);
      const twin = this.host.querySelector(".chart-twin");
      if (twin?.open === true) charts.fillTable(this.host, this);
    }

    paint(plot, painters) {
      charts.guarded(this.host, () => {
        const { ctx } = plot;
        ctx.save();
        ctx.font = `${FONT_PX * devicePixelRatio}px system-ui, sans-serif`;
        for (const painter of painters) painter(plot, this.picture, this.ink);
        ctx.restore();
      });
    }

    /** The line below: the bar under the pointer, else the last one. */
    say(index) {
      const { picture } = this;
      if (picture === null || picture.t.length === 0 || charts.isFailed(this.host)) return;
      const at = index ?? picture.t.length - 1;
      const price = (value) => charts.numberText(value, picture.decimals);
      const { t, o, h, l, c, v } = picture;
      const moved = this.time.isFollowing() ? "" : " · moved, End follows again";
      const change = o[at] === 0 ? 0 : (c[at] / o[at] - 1) * 10_000;
      this.note.textContent =
        `${charts.stampText(t[at])}  O ${price(o[at])}  H ${price(h[at])}  L ${price(l[at])}  ` +
        `C ${price(c[at])}  ${charts.signedText(change, 1)} bps  V ${charts.numberText(v[at], 0)}${moved}`;
      charts.setSentence(this.host, this.sentence());
    }

    sentence() {
      const { t, h, l, c, decimals } = this.picture;
      const high = h.reduce((best, value, at) => (value > h[best] ? at : best), 0);
      const low = l.reduce((best, value, at) => (value < l[best] ? at : best), 0);
      const price = (value) => charts.numberText(value, decimals);
      return (
        `${this.symbol}, ${t.length} candles of ${this.interval}: last ${price(c.at(-1))}, ` +
        `high ${price(h[high])} at ${charts.timeText(t[high])}, ` +
        `low ${price(l[low])} at ${charts.timeText(t[low])}`
      );
    }

    columns() {
      return [`Start (${charts.zoneName()})`, "Open", "High", "Low", "Close", "Volume", "Ours"];
    }

    /** Newest first. */
    rows() {
      const { picture } = this;
      if (picture === null) return [];
      const { t, o, h, l, c, v, spanMs, decimals, fills } = picture;
      return t
        .map((atMs, at) => {
          const ours = fills
            .filter((fill) => fill.atMs >= atMs && fill.atMs < atMs + spanMs)
            .map(({ side, qty, price }) => `${side === "buy" ? "▲" : "▼"} ${qty} @ ${price}`);
          const prices = [o, h, l, c].map((column) => charts.numberText(column[at], decimals));
          return [charts.stampText(atMs), ...prices, charts.numberText(v[at], 3), ours.join(", ")];
        })
        .reverse();
    }

    draw(why) {
      if (this.plot === null) {
        if (this.picture !== null) this.refresh();
        return;
      }
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
      for (const stop of this.stops) stop();
      this.plot?.destroy();
      this.plot = null;
    }
  }

  charts.kind("candles", (host) => new Candles(host));
})();
