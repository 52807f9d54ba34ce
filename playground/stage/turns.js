// One at a time: Streamlit reruns one fragment only for all that it is sent in one go, so each message waits for its turn.

const GAP = 15; // milliseconds from one message to the next, whichever part of the page sends it
const LATEST = Symbol.for("playground: when the latest message is sent"); // every part has a copy of this code

/** Send at once, or a moment after what others send. @param {() => void} send */
function inTurn(send) {
  const shelf = /** @type {any} */ (window), now = performance.now();
  shelf[LATEST] = Math.max(now, (shelf[LATEST] ?? 0) + GAP);
  if (shelf[LATEST] > now) setTimeout(send, shelf[LATEST] - now);
  else send();
}
