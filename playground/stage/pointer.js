// The pointer: what a panel below wants to be seen on the stage. It is gone when the panel goes.

/** @typedef {{lit: number[][], links: number[][], words: [number, number, string][]}} Pointing nodes as column and row,
 *  connections as layer, from and to, and words at nodes */
/** @type {WeakMap<object, {name: string, turn: number, abort: AbortController}>} */
const pointers = new WeakMap();

export default function mount({ parentElement, data }) {
  let pointer = pointers.get(parentElement);
  if (!pointer) {
    pointer = { name: String(Math.random()), turn: 0, abort: new AbortController() };
    pointers.set(parentElement, pointer);
  }
  const { name, abort } = pointer;
  const tell = (pointing) => window.dispatchEvent(new CustomEvent("playground:point", { detail: { name, pointing } }));
  abort.abort();
  pointer.abort = new AbortController();
  window.addEventListener("playground:hello", () => tell(data), { signal: pointer.abort.signal }); // the stage came later
  tell(data);
  const turn = ++pointer.turn;
  return () => {
    if (turn !== pointer.turn) return; // Streamlit also ends a call that another one has overtaken
    pointer.abort.abort();
    pointers.delete(parentElement);
    tell(null);
  };
}
