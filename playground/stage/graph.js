// The network graph: every neuron with a picture of what it answers, every connection with its weight.

/** Where everything stands: columns of nodes from the inputs to the outputs. */
function layoutGraph(setup, width, height) {
  const sizes = sizesOf(setup);
  const left = 46, right = setup.outputs > 1 ? 58 : 22, top = 20, bottom = 8;
  const gap = (width - left - right) / sizes.length;
  const most = Math.max(...sizes);
  const size = Math.max(8, Math.min(96, gap * 0.56, ((height - top - bottom) / most) * 0.76));
  const columns = sizes.map((count, column) => {
    const pitch = Math.min((height - top - bottom) / count, size * 2);
    const first = top + (height - top - bottom - pitch * (count - 1)) / 2;
    return Array.from({ length: count }, (_, row) => ({ x: left + gap * (column + 0.5), y: first + pitch * row }));
  });
  return { sizes, columns, size, gap, width, height };
}

/** @returns {number[]} neurons in every column */
function sizesOf(setup) {
  return [setup.features.length, ...setup.hidden, setup.outputs];
}

function drawGraph(context, frame, setup, layout, colours, art) {
  const layers = layersOf(layout.sizes, frame.theta);
  context.clearRect(0, 0, layout.width, layout.height);
  drawLinks(context, layers, layout, colours.palette);
  drawNodes(context, layers, setup, layout, colours, art);
  drawNames(context, setup, layout, colours.palette);
}

/** Width is the weight's magnitude, colour its sign; a negative weight is dashed as well. */
function drawLinks(context, layers, layout, palette) {
  const { columns, size } = layout;
  const widest = Math.max(2.5, size / 5);
  layers.forEach(({ fanIn, fanOut, weights }, layer) => {
    for (let from = 0; from < fanIn; from++) {
      for (let to = 0; to < fanOut; to++) {
        const weight = weights[from * fanOut + to];
        const magnitude = Math.min(Math.abs(weight) / 4, 1) || 0;
        const a = columns[layer][from], b = columns[layer + 1][to];
        const bend = (b.x - a.x) * 0.45;
        context.beginPath();
        context.moveTo(a.x + size / 2, a.y);
        context.bezierCurveTo(a.x + bend, a.y, b.x - bend, b.y, b.x - size / 2, b.y);
        context.strokeStyle = css(weight < 0 ? palette.negative : palette.positive, 0.25 + 0.75 * Math.sqrt(magnitude));
        context.lineWidth = 0.5 + magnitude * widest;
        context.setLineDash(weight < 0 ? [6, 3] : []);
        context.stroke();
      }
    }
  });
  context.setLineDash([]);
}

function drawNodes(context, layers, setup, layout, colours, art) {
  const { columns, size } = layout;
  const { palette } = colours;
  context.imageSmoothingEnabled = true;
  let unit = 0;
  columns.forEach((nodes, column) => {
    nodes.forEach(({ x, y }, row) => {
      const source = column === 0 ? art.inputs : art.units;
      const picture = column === 0 ? row : unit++;
      const side = source.width;
      context.beginPath();
      context.roundRect(x - size / 2, y - size / 2, size, size, size / 8);
      context.save();
      context.clip();
      context.drawImage(source, 0, picture * side, side, side, x - size / 2, y - size / 2, size, size);
      context.restore();
      context.lineWidth = 1.25;
      context.strokeStyle = palette.muted;
      context.stroke();
      if (column > 0) drawBias(context, layers[column - 1].bias[row], x - size / 2, y + size / 2, size, palette);
    });
  });
}

/** A disc for a positive bias, a diamond for a negative one; the larger the further from zero. */
function drawBias(context, bias, x, y, size, palette) {
  const radius = (size / 12 + 1) * (0.7 + Math.min(Math.abs(bias) / 2, 1)) || 1;
  context.beginPath();
  if (bias < 0) {
    context.moveTo(x, y - radius * 1.2);
    context.lineTo(x + radius * 1.2, y);
    context.lineTo(x, y + radius * 1.2);
    context.lineTo(x - radius * 1.2, y);
    context.closePath();
  } else {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fillStyle = css(bias < 0 ? palette.negative : palette.positive);
  context.fill();
  context.lineWidth = 1.25;
  context.strokeStyle = palette.halo;
  context.stroke();
}

function drawNames(context, setup, layout, palette) {
  const { columns, size, gap } = layout;
  context.fillStyle = palette.ink;
  context.textBaseline = "middle";
  context.textAlign = "right";
  columns[0].forEach(({ x, y }, row) => context.fillText(setup.features[row], x - size / 2 - 6, y));
  context.textAlign = "left";
  if (setup.outputs > 1) {
    columns.at(-1).forEach(({ x, y }, row) => context.fillText(setup.classes[row], x + size / 2 + 6, y));
  }
  context.textAlign = "center";
  context.fillStyle = palette.muted;
  const names = ["inputs", ...setup.activations, setup.output];
  columns.forEach(([{ x }], column) => context.fillText(names[column], x, 8, gap - 4));
}

/** @returns {string} the graph in words */
function describeGraph(frame, setup) {
  const sizes = sizesOf(setup);
  const layers = layersOf(sizes, frame.theta);
  const hidden = setup.hidden.length ? `hidden layers of ${setup.hidden.join(", ")} neurons` : "no hidden layer";
  const strongest = layers.map(({ weights }, i) => {
    const largest = weights.reduce((best, w) => (Math.abs(w) > Math.abs(best) ? w : best), 0);
    return `${i + 1 === layers.length ? "output" : `layer ${i + 1}`} ${precise(largest)}`;
  });
  return `Network graph at step ${frame.step}: inputs ${setup.features.join(", ")}; ${hidden}; ${setup.outputs} ` +
    `${setup.outputs === 1 ? "output" : "outputs"}. Largest weight of each layer: ${strongest.join(", ")}.`;
}
