// The line to Python: passes on what the stage asks for, and the frames that come back.
// It stands apart from the stage because Streamlit sends a component's code along with every answer.

/** @type {WeakMap<object, {send: Function, data: Uint8Array, turn: number, abort: AbortController}>} */
const lines = new WeakMap();

export default function mount({ parentElement, data, setTriggerValue }) {
  const line = lines.get(parentElement) ?? connect(parentElement);
  line.send = setTriggerValue;
  line.data = data;
  deliver(line);
  const turn = ++line.turn;
  return () => {
    if (turn !== line.turn) return; // Streamlit also ends a call that another one has overtaken
    line.abort.abort();
    lines.delete(parentElement);
  };
}

function connect(parentElement) {
  const line = { send: null, data: null, turn: 0, abort: new AbortController() };
  const { signal } = line.abort;
  window.addEventListener("playground:ask", (/** @type {CustomEvent} */ { detail }) => inTurn(() => line.send("ask", detail)), { signal });
  window.addEventListener("playground:hello", () => deliver(line), { signal });
  lines.set(parentElement, line);
  return line;
}

function deliver(line) {
  window.dispatchEvent(new CustomEvent("playground:frames", { detail: line.data }));
}
