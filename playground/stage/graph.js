// The network graph: every neuron with a picture of what it answers, every connection with its weight.

const SOLID = [], DASHED = [10, 4]; // short dashes cost a picture's time in a crowded net
const ASIDE = 0.2; // of the width, for the names at either side, at most
const TOOLS = 50; // pixels above the columns, for what is said and done there

/** Where everything stands: columns of nodes from the inputs to the outputs. */
function layoutGraph(setup, width, height) {
  const sizes = sizesOf(setup), { grouped } = setup;
  const drawn = grouped ? [1, ...sizes.slice(1)] : sizes;
  const longest = (names) => Math.max(...names.map((name) => name.length));
  const left = grouped ? 8 : Math.min(46 + 6 * Math.max(0, longest(setup.features) - 5), width * ASIDE);
  const right = setup.outputs > 1 ? Math.min(58 + 6 * Math.max(0, longest(setup.classes) - 6), width * ASIDE) : 22;
  const top = TOOLS, bottom = 8;
  const gap = (width - left - right) / sizes.length;
  const most = Math.max(...drawn);
  const size = Math.max(8, Math.min(96, gap * 0.56, ((height - top - bottom) / most) * 0.76));
  const columns = drawn.map((count, column) => {
    const pitch = Math.min((height - top - bottom) / count, size * 2);
    const first = top + (height - top - bottom - pitch * (count - 1)) / 2;
    return Array.from({ length: count }, (_, row) => ({ x: left + gap * (column + 0.5), y: first + pitch * row }));
  });
  return { sizes, columns, size, gap, left, right, grouped, width, height };
}

/** @returns {number[]} neurons in every column */
function sizesOf(setup) {
  return [setup.features.length, ...setup.hidden, setup.outputs];
}

/**
 * @param {Part | null} focus what is looked at @param {Phase | null} phase of a step in slow motion
 * @param {Pointing[]} pointings what panels want to be seen
 */
function drawGraph(context, frame, setup, layout, colours, art, view, focus, phase, pointings) {
  const layers = layersOf(layout.sizes, frame.theta);
  context.clearRect(0, 0, layout.width, layout.height);
  drawLinks(context, layers, layout, colours.palette, view, focus, phase);
  drawNodes(context, layers, setup, layout, colours, art, focus, phase);
  drawNames(context, setup, layout, colours.palette);
  for (const pointing of pointings) drawPointing(context, pointing, layout, colours.palette);
}

/** @typedef {{lit: number[][], links: number[][], words: [number, number, string][], points: number[]}} Pointing
 *  nodes as column and row, connections as layer, from and to, words at nodes, and data points */

/** Rings around neurons, thick connections, and words at neurons. Of another network, what is not there is left out. */
function drawPointing(context, { lit, links, words }, { columns, size }, palette) {
  context.strokeStyle = palette.ink;
  context.lineWidth = 3;
  for (const [column, row] of lit) {
    const node = columns[column]?.[row];
    if (node) context.strokeRect(node.x - size / 2 - 3, node.y - size / 2 - 3, size + 6, size + 6);
  }
  context.lineWidth = 2;
  for (const [layer, from, to] of links) {
    const a = columns[layer]?.[from], b = columns[layer + 1]?.[to];
    if (!a || !b) continue;
    traceLink(context, a, b, size);
    context.stroke();
  }
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [column, row, text] of words) {
    const node = columns[column]?.[row];
    if (!node) continue;
    context.lineWidth = 4;
    context.strokeStyle = palette.paper;
    context.strokeText(text, node.x, node.y);
    context.fillStyle = palette.ink;
    context.fillText(text, node.x, node.y);
  }
}

/** How wide a connection is drawn, 0 to 1. */
function magnitude(weight, view) {
  const size = Math.abs(weight) || 0;
  return Math.min(1, view.widths === "log" ? Math.log1p(20 * size) / Math.log1p(80) : size / 4);
}

/** Which connections to draw: all, the strongest quarter of a layer, or those into and out of one neuron. */
function drawnLinks({ weights, fanIn, fanOut }, layer, view, focus) {
  if (view.links === "one") {
    if (focus?.kind !== "node") return () => false;
    return (from, to) => (focus.layer === layer + 1 && focus.to === to) || (focus.layer === layer && focus.to === from);
  }
  if (view.links === "all" || weights.length < 4) return () => true;
  const sizes = Float32Array.from(weights, Math.abs).sort();
  const least = sizes[Math.floor(sizes.length * 0.75)];
  return (from, to) => Math.abs(weights[from * fanOut + to]) >= least;
}

/** Width is the weight's magnitude, colour its sign; a negative weight is dashed as well. */
function drawLinks(context, layers, layout, palette, view, focus, phase) {
  const { columns, size, grouped } = layout;
  const widest = Math.max(2.5, size / 5);
  const positive = css(palette.positive), negative = css(palette.negative);
  layers.forEach((layer, number) => {
    if (grouped && number === 0) return drawBundles(context, layer, layout, palette, view, focus, phase);
    const { fanIn, fanOut, weights } = layer;
    const drawn = drawnLinks(layer, number, view, focus);
    const lit = phase && phase.layer === number;
    for (let from = 0; from < fanIn; from++) {
      for (let to = 0; to < fanOut; to++) {
        const looked = isLooked(focus, number, from, to);
        if (!drawn(from, to) && !looked) continue;
        const weight = weights[from * fanOut + to];
        const share = magnitude(weight, view);
        traceLink(context, columns[number][from], columns[number + 1][to], size);
        const faded = focus && !looked ? 0.35 : 1;
        context.strokeStyle = weight < 0 ? negative : positive;
        context.globalAlpha = (0.25 + 0.75 * Math.sqrt(share)) * faded;
        context.lineWidth = 0.5 + share * widest + (looked ? 1 : 0) + (lit ? 1.5 : 0);
        context.setLineDash(weight < 0 ? DASHED : SOLID);
        context.stroke();
      }
    }
  });
  context.globalAlpha = 1;
  context.setLineDash(SOLID);
}

/** The connections from inputs that are drawn as one: as wide as the root of their mean square, with no sign. */
function drawBundles(context, { fanIn, fanOut, weights }, { columns, size }, palette, view, focus, phase) {
  const means = new Float32Array(fanOut);
  weights.forEach((weight, i) => (means[i % fanOut] += weight ** 2 / fanIn));
  const sizes = means.map(Math.sqrt), drawn = drawnLinks({ weights: sizes, fanIn: 1, fanOut }, 0, view, focus);
  for (let to = 0; to < fanOut; to++) {
    const share = magnitude(sizes[to], view), looked = isLooked(focus, 0, 0, to);
    if (!drawn(0, to) && !looked) continue;
    traceLink(context, columns[0][0], columns[1][to], size);
    context.globalAlpha = focus && !looked ? 0.35 : 1;
    context.strokeStyle = palette.muted;
    context.lineWidth = 1 + share * Math.max(2.5, size / 5) + (looked ? 1 : 0) + (phase?.layer === 0 ? 1.5 : 0);
    context.setLineDash(SOLID);
    context.stroke();
  }
}

/** Whether a connection is the one looked at, or leads into the neuron looked at. @param {Part | null} focus */
function isLooked(focus, layer, from, to) {
  if (focus?.kind === "bundle") return layer === 0 && focus.to === to;
  if (focus?.kind === "link") return focus.layer === layer && focus.from === from && focus.to === to;
  return focus?.kind === "node" && focus.layer === layer + 1 && focus.to === to;
}

function drawNodes(context, layers, setup, layout, colours, art, focus, phase) {
  const { columns, size } = layout;
  const { palette } = colours;
  context.imageSmoothingEnabled = true;
  let unit = 0;
  columns.forEach((nodes, column) => {
    if (layout.grouped && column === 0) return drawGroup(context, nodes[0], setup, size, palette);
    nodes.forEach(({ x, y }, row) => {
      const source = column === 0 ? art.inputs : art.units;
      const picture = column === 0 ? row : unit++;
      const side = source.width;
      context.drawImage(source, 0, picture * side, side, side, x - size / 2, y - size / 2, size, size);
      const looked = focus?.kind === "node" && focus.layer === column && focus.to === row;
      const lit = phase && phase.column === column;
      context.lineWidth = looked || lit ? 3 : 1.25;
      context.strokeStyle = looked || lit ? palette.ink : palette.muted;
      context.lineJoin = "round";
      context.strokeRect(x - size / 2, y - size / 2, size, size);
      if (column > 0) drawBias(context, layers[column - 1].bias[row], x - size / 2, y + size / 2, size, palette);
    });
  });
}

/** Very many inputs, as a stack that says how many. */
function drawGroup(context, { x, y }, { features, image }, size, palette) {
  context.lineWidth = 1.25;
  context.strokeStyle = palette.muted;
  for (const shift of [6, 3, 0]) {
    context.clearRect(x - size / 2 - shift, y - size / 2 - shift, size, size);
    context.strokeRect(x - size / 2 - shift, y - size / 2 - shift, size, size);
  }
  context.fillStyle = palette.ink;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(`${features.length} ${image ? "pixels" : "inputs"}`, x, y + size / 2 + 5);
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
  const { columns, size, gap, left, right, grouped } = layout, aside = gap / 2 - size / 2 - 10;
  context.fillStyle = palette.ink;
  context.textBaseline = "middle";
  context.textAlign = "right";
  if (!grouped) columns[0].forEach(({ x, y }, row) => context.fillText(fitted(context, setup.features[row], left + aside), x - size / 2 - 6, y));
  context.textAlign = "left";
  if (setup.outputs > 1) {
    columns.at(-1).forEach(({ x, y }, row) => context.fillText(fitted(context, setup.classes[row], right + aside), x + size / 2 + 6, y));
  }
}

/** @typedef {{column: number, layer: number, words: string}} Phase what a step is at: a column of nodes, or connections */

/** The phase of a step, `share` of it being over: forward, loss, backward, update. @returns {Phase} */
function phaseOf(setup, share) {
  const columns = setup.hidden.length + 2;
  const name = (column) => (column === 0 ? "the inputs" : column === columns - 1 ? "the output" : `layer ${column}`);
  if (share < 0.4) {
    const column = Math.min(columns - 1, Math.floor((share / 0.4) * columns));
    return { column, layer: column - 1, words: `Forward: the batch runs through ${name(column)}.` };
  }
  if (share < 0.55) return { column: columns - 1, layer: -1, words: "Loss: the answers are compared with the labels." };
  if (share < 0.9) {
    const layer = columns - 2 - Math.min(columns - 2, Math.floor(((share - 0.55) / 0.35) * (columns - 1)));
    return { column: layer + 1, layer, words: `Backward: the error goes back through ${name(layer + 1)}.` };
  }
  return { column: -1, layer: -1, words: "Update: every weight takes its step." };
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
  return `Network graph at step ${frame.step}: ${setup.grouped ? `${setup.features.length} inputs` : `inputs ${setup.features.join(", ")}`}; ${hidden}; ${setup.outputs} ` +
    `${setup.outputs === 1 ? "output" : "outputs"}. Largest weight of each layer: ${strongest.join(", ")}.`;
}
