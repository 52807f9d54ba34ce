// What stands at a place of a picture: pure geometry, for the pointer and for the keyboard.

/** @typedef {{kind: "node" | "bias" | "link" | "bundle", layer: number, from?: number, to: number}} Part
 *  of the network: `layer` 0 is the inputs for a node, and the first layer of weights for a bias or a link; a bundle is
 *  all connections from inputs that are drawn as one */

const NEAR = 7; // pixels

/** The part of the graph at x, y; a bias before its neuron, a neuron before a connection. @returns {Part | null} */
function partAt(layout, x, y) {
  const { columns, size } = layout;
  for (let column = 1; column < columns.length; column++) {
    for (let row = 0; row < columns[column].length; row++) {
      const node = columns[column][row];
      if (Math.hypot(x - (node.x - size / 2), y - (node.y + size / 2)) <= Math.max(NEAR, size / 8)) {
        return { kind: "bias", layer: column - 1, to: row };
      }
    }
  }
  for (let column = 0; column < columns.length; column++) {
    const row = columns[column].findIndex((node) => Math.abs(x - node.x) <= size / 2 && Math.abs(y - node.y) <= size / 2);
    if (row >= 0) return { kind: "node", layer: column, to: row };
  }
  return linkAt(layout, x, y);
}

/** The connection nearest to x, y, if one is near. @returns {Part | null} */
function linkAt({ columns, size, grouped }, x, y) {
  const layer = columns.findIndex(([node], i) => i + 1 < columns.length && x > node.x + size / 2 && x < columns[i + 1][0].x - size / 2);
  if (layer < 0) return null;
  let best = null, nearest = NEAR;
  columns[layer].forEach((a, from) => {
    columns[layer + 1].forEach((b, to) => {
      const distance = Math.abs(y - linkHeight(a, b, size, x));
      const kind = grouped && layer === 0 ? "bundle" : "link";
      if (distance < nearest) [best, nearest] = [{ kind, layer, from, to }, distance];
    });
  });
  return best;
}

/** The curve from a to b: end points and, horizontally from each, the points that pull it. */
function linkCurve(a, b, size) {
  const bend = (b.x - a.x) * 0.45;
  return { x0: a.x + size / 2, x1: a.x + bend, x2: b.x - bend, x3: b.x - size / 2, y0: a.y, y3: b.y };
}

const CROWDED = 80; // pixels between columns that stand so close that a curve would hardly be seen

/** Draw the connection from a to b into the context's path: a straight line costs half where there are hundreds. */
function traceLink(context, a, b, size) {
  const { x0, x1, x2, x3, y0, y3 } = linkCurve(a, b, size);
  context.beginPath();
  context.moveTo(x0, y0);
  if (b.x - a.x < CROWDED) context.lineTo(x3, y3);
  else context.bezierCurveTo(x1, y0, x2, y3, x3, y3);
}

/** How high a connection runs at x. */
function linkHeight(a, b, size, x) {
  const { x0, x1, x2, x3, y0, y3 } = linkCurve(a, b, size);
  if (b.x - a.x < CROWDED) return y0 + ((x - x0) / (x3 - x0)) * (y3 - y0);
  const at = (t, p0, p1, p2, p3) => (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t ** 2 * p2 + t ** 3 * p3;
  let low = 0, high = 1;
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (at(middle, x0, x1, x2, x3) < x) low = middle;
    else high = middle;
  }
  return at(low, y0, y0, y3, y3);
}

/** The place in theta of a connection or a bias. @param {number[]} sizes @param {Part} part */
function indexOf(sizes, part) {
  let start = 0;
  for (let i = 0; i < part.layer; i++) start += (sizes[i] + 1) * sizes[i + 1];
  const fanOut = sizes[part.layer + 1];
  return part.kind === "bias" ? start + sizes[part.layer] * fanOut + part.to : start + part.from * fanOut + part.to;
}

/** The number of a node's picture among those of all neurons, the inputs not counted. */
function unitOf(sizes, part) {
  return sizes.slice(1, part.layer).reduce((sum, size) => sum + size, 0) + part.to;
}
