// Frames as they come from the server: the counterpart of frames.py.

/** @typedef {{step: number, epoch: number, first: number, reached: number, deeds: number, halted?: boolean, loss: (number | null)[], score: (number | null)[],
 *             slice: Slice, theta: Float32Array, scales: Float32Array, surface: Uint16Array, path: Float32Array,
 *             units: Uint8Array, plane: Uint8Array | Uint16Array, wrong: Uint8Array}} Frame */
/** @typedef {{titles: string[], sides: number[], box: number[], range: number[], at: number[], here: number | null,
 *             moves: number[], share: number | null, off: number | null, anchored: boolean, samples: number, note: string}} Slice */
/** @typedef {{run: string, ask: number, halted: boolean, history?: number[][], peek?: number[], frames: Frame[]}} Chunk */

const TYPES = { float32: Float32Array, uint16: Uint16Array, uint8: Uint8Array };

/** @param {Uint8Array} bytes @returns {Chunk} */
function unpack(bytes) {
  const { buffer } = bytes.slice(); // a copy of our own, so that every array starts at a multiple of its item size
  const length = new DataView(buffer).getUint32(0, true);
  const chunk = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let offset = 4 + length;
  for (const frame of chunk.frames) {
    for (const [name, type, size] of frame.arrays) {
      frame[name] = new TYPES[type](buffer, offset, size);
      offset += Math.ceil(frame[name].byteLength / 4) * 4;
    }
  }
  return chunk;
}

/** Whether the network answers a data point wrongly: counted as in `everyPoint`. */
function isWrong(frame, point) {
  return Boolean(frame.wrong[point >> 3] & (128 >> (point & 7)));
}

/** Weights and biases of each layer, as views into theta. @param {number[]} sizes @param {Float32Array} theta */
function layersOf(sizes, theta) {
  let start = 0;
  return sizes.slice(1).map((fanOut, i) => {
    const middle = start + sizes[i] * fanOut;
    const layer = { fanIn: sizes[i], fanOut, weights: theta.subarray(start, middle), bias: theta.subarray(middle, middle + fanOut) };
    start = middle + fanOut;
    return layer;
  });
}
