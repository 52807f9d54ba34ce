// The loss surface: the training loss on a plane through the present weights, and the path the run has taken.

const NOT_FINITE = 65535;
const CONTOURS_PER_DECADE = 6;

function layoutSurface(width, height) {
  const box = { x: 54, y: 8, w: width - 54 - 68, h: height - 8 - 34 };
  return { ...box, width, height };
}

function drawSurface(context, frame, rows, layout, colours, art) {
  const { x, y, w, h, width, height } = layout;
  const { palette } = colours;
  const [a0, a1, b0, b1] = frame.box;
  const place = (a, b) => [x + ((a - a0) / (a1 - a0)) * w, y + ((b1 - b) / (b1 - b0)) * h];
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  const side = art.surface.width;
  context.drawImage(art.surface, 0.5, 0.5, side - 1, side - 1, x, y, w, h); // losses are at points, not on cells
  drawContours(context, frame, layout);
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  drawPath(context, rows.slice(0, placeIn(rows, frame.step + 1)), place);
  context.restore();
  drawSurfaceAxes(context, frame, layout, palette);
  if (frame.surface.some((code) => code !== NOT_FINITE)) drawDepthBar(context, frame, layout, colours);
  else drawNothing(context, layout);
}

/** Fill `canvas` with the coded losses: first direction to the right, second upwards. */
function paintSurface(canvas, frame, colours) {
  const side = Math.sqrt(frame.surface.length);
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const code = frame.surface[i * side + j];
      words[(side - 1 - j) * side + i] = code === NOT_FINITE ? 0xff808080 : colours.depth[code >> 8];
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawContours(context, frame, { x, y, w, h }) {
  const side = Math.sqrt(frame.surface.length);
  const [low, high] = frame.range.map(Math.log10);
  if (!(high - low > 1e-9)) return;
  context.beginPath();
  for (let k = Math.ceil(low * CONTOURS_PER_DECADE); k <= high * CONTOURS_PER_DECADE; k++) {
    const level = ((k / CONTOURS_PER_DECADE - low) / (high - low)) * 65534;
    traceContour(
      context, side, side, (i, j) => frame.surface[i * side + j], level,
      (i, j) => [x + (i / (side - 1)) * w, y + h - (j / (side - 1)) * h],
    );
  }
  context.lineWidth = 0.75;
  context.strokeStyle = "rgba(255, 255, 255, 0.4)";
  context.stroke();
}

/** White on a dark edge, so that it shows on every depth; a diamond where it began, a disc where it is. */
function drawPath(context, rows, place) {
  const shown = thinned(rows, 250);
  for (const { width, colour } of [{ width: 4, colour: "rgba(10, 16, 26, 0.75)" }, { width: 1.75, colour: "#ffffff" }]) {
    context.beginPath();
    for (const { a, b } of shown) {
      const [x, y] = place(a, b);
      context.lineTo(x, y);
    }
    context.lineWidth = width;
    context.lineJoin = "round";
    context.strokeStyle = colour;
    context.stroke();
  }
  for (const { row, shape, radius } of [{ row: rows[0], shape: "diamond", radius: 4.5 }, { row: rows.at(-1), shape: "circle", radius: 5.5 }]) {
    const [x, y] = place(row.a, row.b);
    traceMarker(context, shape, x, y, radius);
    context.fillStyle = "#ffffff";
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = "#0a101a";
    context.stroke();
  }
}

function drawSurfaceAxes(context, frame, { x, y, w, h }, palette) {
  const [a0, a1, b0, b1] = frame.box;
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.strokeRect(x, y, w, h);
  context.fillStyle = palette.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const mark of ticks(a0, a1, w / 60)) context.fillText(short(mark), x + ((mark - a0) / (a1 - a0)) * w, y + h + 5);
  context.fillText("along direction 1", x + w / 2, y + h + 19);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const mark of ticks(b0, b1, h / 40)) context.fillText(short(mark), x - 5, y + ((b1 - mark) / (b1 - b0)) * h);
  context.save();
  context.translate(8, y + h / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText("along direction 2", 0, 0);
  context.restore();
}

function drawNothing(context, { x, y, w, h }) {
  context.fillStyle = "#ffffff";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("too large to be drawn", x + w / 2, y + h / 4);
}

function drawDepthBar(context, frame, { x, y, w, h }, colours) {
  const bar = { x: x + w + 12, w: 10 };
  for (let k = 0; k < 64; k++) {
    const word = colours.depth[Math.round(((63 - k) / 63) * 255)];
    context.fillStyle = css([word & 255, (word >> 8) & 255, (word >> 16) & 255]);
    context.fillRect(bar.x, y + (k / 64) * h, bar.w, h / 64 + 0.6);
  }
  context.fillStyle = colours.palette.muted;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(short(frame.range[1]), bar.x + bar.w + 4, y);
  context.textBaseline = "middle";
  context.fillText("loss", bar.x + bar.w + 4, y + h / 2);
  context.textBaseline = "bottom";
  context.fillText(short(frame.range[0]), bar.x + bar.w + 4, y + h);
}

/** @returns {string} the surface in words */
function describeSurface(frame) {
  return `Loss surface on a plane through the weights at step ${frame.step}: the training loss on it lies between ` +
    `${precise(frame.range[0])} and ${precise(frame.range[1])}; the present weights stand at ` +
    `${short(frame.at[0])} along direction 1 and ${short(frame.at[1])} along direction 2, loss ${precise(frame.loss[0])}.`;
}
