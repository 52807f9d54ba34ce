// The loss surface: the loss on a slice of the space of all weights, the path taken, and the step to come.

const NOT_FINITE = 65535;
const CONTOURS_PER_DECADE = 6;

function layoutSurface(width, height) {
  const box = { x: 54, y: 8, w: width - 54 - 68, h: height - 8 - 34 };
  return { ...box, width, height };
}

/** @param {number[] | null} aim a place that is looked at, away from the present weights */
function drawSurface(context, frame, layout, colours, art, view, aim) {
  const { x, y, w, h, width, height } = layout;
  const { palette } = colours, { slice } = frame;
  context.clearRect(0, 0, width, height);
  if (slice.sides[1] === 1) return drawProfile(context, frame, layout, colours, view, aim);
  const [a0, a1, b0, b1] = slice.box;
  /** @returns {[number, number]} */
  const place = (a, b) => [x + ((a - a0) / (a1 - a0)) * w, y + ((b1 - b) / (b1 - b0)) * h];
  context.imageSmoothingEnabled = true;
  const side = art.surface.width;
  context.drawImage(art.surface, 0.5, 0.5, side - 1, side - 1, x, y, w, h); // losses are at points, not on cells
  drawContours(context, frame, layout, view);
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  drawPath(context, placesOf(frame, place));
  drawMoves(context, frame, place, layout);
  if (aim) drawAim(context, place(aim[0], aim[1]));
  context.restore();
  drawSurfaceAxes(context, frame, layout, palette);
  if (frame.surface.some((code) => code !== NOT_FINITE)) drawDepthBar(context, frame, layout, colours, view);
  else drawNothing(context, layout);
}

/** The path on the picture, the present weights last. @returns {[number, number][]} */
function placesOf(frame, place) {
  return Array.from({ length: frame.path.length / 2 }, (_, i) => place(frame.path[2 * i], frame.path[2 * i + 1]));
}

/** A loss that a code stands for, and the code of a loss. */
function decoder({ slice: { range } }) {
  const [low, high] = range.map(Math.log);
  return {
    loss: (code) => (code === NOT_FINITE ? NaN : Math.exp(low + (code / 65534) * (high - low))),
    code: (loss) => ((Math.log(loss) - low) / Math.max(high - low, 1e-12)) * 65534,
  };
}

/** Which of 256 depths each code's high byte is drawn in: evenly in the logarithm of the loss, or in the loss itself. */
function depthsOf(frame, view) {
  if (view.depth === "log") return Array.from({ length: 256 }, (_, byte) => byte);
  const { loss } = decoder(frame), [low, high] = frame.slice.range;
  return Array.from({ length: 256 }, (_, byte) => Math.round((255 * (loss(byte * 257) - low)) / Math.max(high - low, 1e-12)));
}

/** Fill `canvas` with the coded losses: first direction to the right, second upwards. */
function paintSurface(canvas, frame, colours, view) {
  if (frame.slice.sides[1] === 1) return canvas;
  const side = Math.sqrt(frame.surface.length), depths = depthsOf(frame, view);
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const code = frame.surface[i * side + j];
      words[(side - 1 - j) * side + i] = code === NOT_FINITE ? 0xff808080 : colours.depth[Math.max(0, Math.min(255, depths[code >> 8]))];
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawContours(context, frame, { x, y, w, h }, view) {
  const side = Math.sqrt(frame.surface.length);
  context.beginPath();
  for (const level of levelsOf(frame, view)) {
    traceContour(
      context, side, side, (i, j) => frame.surface[i * side + j], level,
      (i, j) => [x + (i / (side - 1)) * w, y + h - (j / (side - 1)) * h],
    );
  }
  context.lineWidth = 0.75;
  context.strokeStyle = "rgba(255, 255, 255, 0.4)";
  context.stroke();
}

/** The codes along which lines of equal loss are drawn. */
function levelsOf(frame, view) {
  const { range } = frame.slice;
  if (view.depth === "linear") return ticks(range[0], range[1], 12).filter((loss) => loss > range[0]).map(decoder(frame).code);
  const [low, high] = range.map(Math.log10), levels = [];
  if (!(high - low > 1e-9)) return levels;
  for (let k = Math.ceil(low * CONTOURS_PER_DECADE); k <= high * CONTOURS_PER_DECADE; k++) {
    levels.push(((k / CONTOURS_PER_DECADE - low) / (high - low)) * 65534);
  }
  return levels;
}

/** White on a dark edge, so that it shows on every depth; a diamond where it began, a disc where it is. */
function drawPath(context, places) {
  for (const { width, colour } of [{ width: 4, colour: "rgba(10, 16, 26, 0.75)" }, { width: 1.75, colour: "#ffffff" }]) {
    context.beginPath();
    for (const [x, y] of places) context.lineTo(x, y);
    context.lineWidth = width;
    context.lineJoin = "round";
    context.strokeStyle = colour;
    context.stroke();
  }
  drawSpot(context, places[0], "diamond", 4.5);
  drawSpot(context, places.at(-1), "circle", 5.5);
}

function drawSpot(context, [x, y], shape, radius) {
  traceMarker(context, shape, x, y, radius);
  context.fillStyle = "#ffffff";
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = "#0a101a";
  context.stroke();
}

const ARROW = 45; // pixels a step's arrow has at most, where it must be drawn larger than it is to be seen

/** How many times too short the arrows of a step would be to be seen. */
function magnified(longest) {
  const [times] = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1].filter((factor) => longest * factor <= ARROW);
  return times ?? 1;
}

/** From the present weights: −η·gradient of the next mini-batch, dashed; the step the optimizer makes of it, solid. */
function drawMoves(context, frame, place, layout) {
  const { at, moves } = frame.slice, from = place(at[0], at[1]);
  const tips = [0, 2].map((i) => place(at[0] + moves[i], at[1] + moves[i + 1]).map((end, axis) => end - from[axis]));
  const longest = Math.max(...tips.map(([dx, dy]) => Math.hypot(dx, dy)));
  if (!(longest > 1e-3)) return;
  const times = magnified(longest);
  tips.forEach(([dx, dy], i) => drawArrow(context, from, [from[0] + dx * times, from[1] + dy * times], i === 0 ? [4, 3] : SOLID));
  if (times > 1) drawTimes(context, `×${times}`, from.map((start, axis) => start + tips[1][axis] * times), tips[1][1] > 0, layout);
}

/** How many times as long as it is an arrow is drawn: right of its tip or, where there is no room, beyond it. */
function drawTimes(context, text, [tipX, tipY], down, { x, y, w, h }) {
  context.font = context.font.replace("12px", "11px");
  const last = x + w - context.measureText(text).width - 4;
  const fits = tipX + 6 <= last, beyond = fits ? tipY : tipY + (down ? 12 : -12);
  haloed(context, text, fits ? tipX + 6 : last, Math.max(y + 8, Math.min(beyond, y + h - 8)));
}

function drawArrow(context, [x0, y0], [x1, y1], dash) {
  const angle = Math.atan2(y1 - y0, x1 - x0), head = 6;
  for (const { width, colour } of [{ width: 4, colour: "rgba(10, 16, 26, 0.75)" }, { width: 2, colour: "#ffd24a" }]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.setLineDash(SOLID);
    context.beginPath();
    for (const turn of [2.6, 0, -2.6]) {
      context.lineTo(x1 + (turn ? head * Math.cos(angle + turn) : 0), y1 + (turn ? head * Math.sin(angle + turn) : 0));
    }
    context.stroke();
  }
}

/** White words that read on every depth. */
function haloed(context, text, x, y) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = "rgba(10, 16, 26, 0.8)";
  context.strokeText(text, x, y);
  context.fillStyle = "#ffffff";
  context.fillText(text, x, y);
}

/** A cross at the place that is looked at. */
function drawAim(context, [x, y]) {
  for (const { width, colour } of [{ width: 5, colour: "#0a101a" }, { width: 2, colour: "#ffffff" }]) {
    context.beginPath();
    for (const [dx, dy] of [[8, 0], [0, 8]]) {
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
    }
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** The landscape along one direction: the picture of the textbooks. */
function drawProfile(context, frame, layout, colours, view, aim) {
  const { x, y, w, h } = layout, { palette } = colours, { slice } = frame;
  const [a0, a1] = slice.box, { loss } = decoder(frame);
  const losses = Array.from(frame.surface, loss), finite = losses.filter(Number.isFinite);
  const px = (a) => x + ((a - a0) / (a1 - a0)) * w;
  drawFloor(context, frame, layout, palette);
  if (!finite.length) return drawNothing(context, layout, palette.ink);
  const { py, marks } = heights(finite, slice.here, layout, view);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const mark of marks) {
    context.fillStyle = palette.muted;
    context.fillText(short(mark), x - 5, py(mark));
    context.fillStyle = palette.grid;
    context.fillRect(x, py(mark), w, 1);
  }
  context.save();
  context.beginPath();
  context.rect(x, y - 6, w, h + 12);
  context.clip();
  context.beginPath();
  losses.forEach((value, i) => Number.isFinite(value) && context.lineTo(x + (i / (losses.length - 1)) * w, py(value)));
  context.lineWidth = 2.25;
  context.lineJoin = "round";
  context.strokeStyle = css(palette.positive);
  context.stroke();
  const at = (a) => losses[Math.max(0, Math.min(losses.length - 1, Math.round(((a - a0) / (a1 - a0)) * (losses.length - 1))))];
  for (let i = 0; i < frame.path.length; i += 2) {
    context.fillStyle = palette.muted;
    context.fillRect(px(frame.path[i]) - 0.5, y + h - 6, 1, 6);
  }
  drawSpot(context, [px(frame.path[0]), py(at(frame.path[0]))], "diamond", 4.5);
  drawSpot(context, [px(slice.at[0]), py(slice.here)], "circle", 5.5);
  if (aim) drawAim(context, [px(aim[0]), py(at(aim[0]))]);
  context.restore();
}

/** How losses lie along the height of the profile. */
function heights(losses, here, { y, h }, view) {
  const all = Number.isFinite(here) ? [...losses, here] : losses, low = Math.min(...all), high = Math.max(...all);
  if (view.depth === "log") {
    const from = Math.log10(low), to = Math.max(Math.log10(high), from + 1e-3);
    const marks = decades(from, to);
    return { marks: marks.length ? marks : [low, high], py: (value) => y + h * (1 - (Math.log10(Math.max(value, low)) - from) / (to - from)) };
  }
  const span = Math.max(high - low, 1e-12);
  return { marks: ticks(low, high, h / 34), py: (value) => y + h * (1 - (value - low) / span) };
}

/** The frame, the marks and the name of the direction across. */
function drawFloor(context, frame, { x, y, w, h }, palette) {
  const [a0, a1] = frame.slice.box;
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.strokeRect(x, y, w, h);
  context.fillStyle = palette.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const mark of ticks(a0, a1, w / 60)) context.fillText(short(mark), x + ((mark - a0) / (a1 - a0)) * w, y + h + 5);
  context.fillText(frame.slice.titles[0], x + w / 2, y + h + 19);
}

function drawSurfaceAxes(context, frame, layout, palette) {
  const { x, y, h } = layout, [, , b0, b1] = frame.slice.box;
  drawFloor(context, frame, layout, palette);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const mark of ticks(b0, b1, h / 40)) context.fillText(short(mark), x - 5, y + ((b1 - mark) / (b1 - b0)) * h);
  context.save();
  context.translate(8, y + h / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(frame.slice.titles[1], 0, 0);
  context.restore();
}

function drawNothing(context, { x, y, w, h }, colour = "#ffffff") {
  context.fillStyle = colour;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("no loss here is a finite number", x + w / 2, y + h / 4);
}

function drawDepthBar(context, frame, { x, y, w, h }, colours, view) {
  const bar = { x: x + w + 12, w: 10 };
  const depths = context.createLinearGradient(0, y + h, 0, y);
  DEPTHS.forEach((depth, i) => depths.addColorStop(i / (DEPTHS.length - 1), css(depth)));
  context.fillStyle = depths;
  context.fillRect(bar.x, y, bar.w, h);
  context.fillStyle = colours.palette.muted;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(short(frame.slice.range[1]), bar.x + bar.w + 4, y);
  context.textBaseline = "middle";
  context.fillText("loss", bar.x + bar.w + 4, y + h / 2);
  if (view.depth === "log") context.fillText("(log)", bar.x + bar.w + 4, y + h / 2 + 14);
  if (frame.surface.includes(NOT_FINITE)) haloed(context, "grey: not finite", x + 6, y + 10);
  context.textBaseline = "bottom";
  context.fillText(short(frame.slice.range[0]), bar.x + bar.w + 4, y + h);
}

/** @param {Frame} frame @param {string} about the slice, as `aboutSlice` says it @returns {string} the surface in words */
function describeSurface({ step, slice, surface }, about) {
  if (!Number.isFinite(slice.here) && surface.every((code) => code === NOT_FINITE)) return `Loss surface at step ${step}, ${about}: no loss on it is a finite number.`;
  const { at, range, titles } = slice, up = slice.sides[1] === 1 ? "" : ` and ${short(at[1])} along ${titles[1]}`;
  return `Loss surface at step ${step}, ${about}: the loss on it lies between ${precise(range[0])} and ${precise(range[1])}; ` +
    `the present weights stand at ${short(at[0])} along ${titles[0]}${up}, loss ${precise(slice.here)}.`;
}
