// The bell: tells the panels in Python that the stage shows another picture.

const REST = 4; // a panel is redrawn for at most about a fifth of the time, so that the stage keeps its pace

/** @typedef {{ring: Function, shown: number, seen: string, rung: number, rest: number, pause: number, turn: number, abort: AbortController}} Bell */
/** @type {WeakMap<object, Bell>} */
const bells = new WeakMap();

export default function mount({ parentElement, data, setTriggerValue }) {
  const bell = bells.get(parentElement) ?? hang(parentElement);
  bell.ring = (step) => setTriggerValue("rung", step);
  bell.shown = data.step;
  bell.pause = 1000 * data.pause;
  requestAnimationFrame(() => setTimeout(() => settle(bell))); // by then the panel is drawn
  const turn = ++bell.turn;
  return () => {
    if (turn !== bell.turn) return; // Streamlit also ends a call that another one has overtaken
    bell.abort.abort();
    bells.delete(parentElement);
  };
}

function hang(parentElement) {
  const bell = { ring: (/** @type {number} */ step) => {}, shown: -1, seen: "", rung: 0, rest: 0, pause: 0, turn: 0, abort: new AbortController() };
  window.addEventListener("playground:news", (/** @type {CustomEvent} */ event) => {
    const { step, playing, seen } = event.detail;
    const tired = performance.now() < bell.rung + Math.max(bell.rest, bell.pause), same = step === bell.shown && seen === (bell.seen || seen);
    if (same || (playing && tired)) {
      if (same) bell.seen = seen;
      return;
    }
    bell.seen = seen;
    bell.rung = performance.now();
    bell.rest = Infinity; // until the panel is drawn
    inTurn(() => bell.ring(step));
  }, { signal: bell.abort.signal });
  bells.set(parentElement, bell);
  return bell;
}

function settle(bell) {
  if (bell.rest === Infinity) bell.rest = REST * (performance.now() - bell.rung);
}
