// The bell: tells the panels in Python that the stage shows another step. While one is answered, the rest wait.

/** @type {WeakMap<object, {ring: Function, shown: number, turn: number, abort: AbortController}>} */
const bells = new WeakMap();

export default function mount({ parentElement, data, setTriggerValue }) {
  const bell = bells.get(parentElement) ?? hang(parentElement);
  bell.ring = () => setTriggerValue("rung", true);
  bell.shown = data.step;
  const turn = ++bell.turn;
  return () => {
    if (turn !== bell.turn) return; // Streamlit also ends a call that another one has overtaken
    bell.abort.abort();
    bells.delete(parentElement);
  };
}

function hang(parentElement) {
  const bell = { ring: () => {}, shown: -1, turn: 0, abort: new AbortController() };
  window.addEventListener("playground:news", (event) => {
    if (event.detail !== bell.shown) bell.ring();
  }, { signal: bell.abort.signal });
  bells.set(parentElement, bell);
  return bell;
}
