// The pictures of the stage: their canvases, where everything stands on them, and painting them.

class Easel {
  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.canvases = Object.fromEntries(
      ["graph", "plane", "curves", "surface"].map((name) => [name, stage.root.querySelector(`.${name} canvas`)]),
    );
    this.art = Object.fromEntries(["inputs", "units", "plane", "points", "surface"].map((name) => [name, offscreen(1, 1)]));
    this.layouts = {};
    this.scale = 1; // pixels of the screen for each of the page's
    this.visible = false; // not while Streamlit rearranges the page
    this.resizes = new ResizeObserver(() => stage.resize());
    for (const canvas of Object.values(this.canvases)) this.resizes.observe(canvas);
  }

  close() {
    this.resizes.disconnect();
  }

  /** Take on the colours and the font of the page. */
  readTheme() {
    const { root } = this.stage;
    this.colours = colourTables(themeOf(root));
    const { palette } = this.colours;
    root.style.setProperty("--muted", palette.muted);
    root.style.setProperty("--plus", css(palette.positive));
    root.style.setProperty("--minus", css(palette.negative));
    root.style.setProperty("--primary", css(HUES.light[1]));
    this.font = `12px ${getComputedStyle(root).fontFamily}`;
  }

  /** Fit every canvas to its place, and lay out anew what depends on it. */
  fit(setup) {
    const layout = { graph: layoutGraph, plane: (_, w, h) => layoutPlane(w, h), surface: (_, w, h) => layoutSurface(w, h) };
    this.scale = Math.min(window.devicePixelRatio || 1, 3);
    this.visible = true;
    for (const [name, canvas] of Object.entries(this.canvases)) {
      const { clientWidth: width, clientHeight: height } = canvas;
      const across = Math.round(width * this.scale), down = Math.round(height * this.scale);
      if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
      this.visible &&= width > 0 && height > 0;
      this.layouts[name] = layout[name]?.(setup, width, height) ?? { width, height };
    }
  }

  context(canvas, scale = this.scale) {
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = this.font;
    return context;
  }

  /** What changes only with the run, the size or the theme. */
  paintOnce() {
    const { inputs, features, grouped } = this.stage.setup;
    const bytes = Uint8Array.from(atob(inputs), (letter) => letter.charCodeAt(0));
    const side = Math.sqrt(bytes.length / features.length);
    if (!grouped) paintStack(this.art.inputs, bytes, side, features.map(() => this.colours.diverging));
    this.paintPoints();
  }

  paintPoints(scale = this.scale) {
    const { art: { points }, layouts: { plane }, stage: { drawing, setup } } = this;
    points.width = Math.round(plane.width * scale);
    points.height = Math.round(plane.height * scale);
    drawPoints(this.context(points, scale), drawing.shown(setup), plane, this.colours, this.seen(null));
  }

  /** Which data points are drawn, of a frame where that matters. @param {Frame | null} frame @returns {(i: number) => boolean} */
  seen(frame) {
    const { drawing, setup, view: { points } } = this.stage;
    if (drawing.on) return () => true;
    if (points === "errors" && frame) return (i) => isWrong(frame, i);
    return (i) => points === "both" || points === partOf(setup, i);
  }

  /** All pictures. @param {Frame} frame */
  draw(frame) {
    this.paint(frame);
    for (const [name, canvas] of Object.entries(this.canvases)) this.drawPart(name, this.context(canvas), frame);
  }

  /** The pictures within the pictures. @param {Frame} frame */
  paint(frame) {
    const { colours, art, stage: { setup, view } } = this;
    const units = frame.scales.length;
    const tables = Array.from({ length: units }, (_, unit) => {
      const output = unit - (units - setup.outputs);
      return setup.outputs > 1 && output >= 0 ? centredHalf(colours.classes[output]) : colours.diverging;
    });
    paintStack(art.units, frame.units, Math.sqrt(frame.units.length / units), tables);
    paintPlane(art.plane, frame, setup, colours, view);
    paintSurface(art.surface, frame, colours, view);
  }

  /** One picture. @param {"graph" | "plane" | "curves" | "surface"} name @param {Frame} frame */
  drawPart(name, context, frame) {
    const { colours, layouts, art } = this, { setup, rows, ghost, changes, view, focus, phase, touch, drawing } = this.stage;
    const pointings = [...this.stage.pointings.values()], { width, height } = layouts[name];
    if (name === "graph") drawGraph(context, frame, setup, layouts.graph, colours, art, view, focus, phase, pointings);
    if (name === "plane") {
      const ringed = pointings.flatMap(({ points }) => points), seen = drawing.on ? { ...view, points: "both" } : view;
      drawPlane(context, frame, setup, layouts.plane, colours, art, seen, this.seen(frame), this.enlarged(), ringed);
      drawing.paint(context, layouts.plane, colours.palette);
    }
    if (name === "curves") drawCurves(context, rows, ghost, frame.step, changes, width, height, colours.palette, view);
    if (name === "surface") drawSurface(context, frame, layouts.surface, colours, art, view, touch.aim.place);
  }

  /** The picture of the neuron looked at, to be shown large. */
  enlarged() {
    const { art, stage: { focus, setup } } = this;
    if (focus?.kind !== "node" || (focus.layer === 0 && setup.grouped)) return null;
    if (focus.layer === 0) return { source: art.inputs, picture: focus.to };
    return { source: art.units, picture: unitOf(sizesOf(setup), focus), pixels: Boolean(setup.image) && focus.layer === 1 };
  }
}
