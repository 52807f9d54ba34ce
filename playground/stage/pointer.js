// The pointer: what a panel below wants to be seen on the stage. It is gone when the panel goes.

/** @type {WeakMap<object, {name: string, turn: number, abort: AbortController}>} */
const pointers = new WeakMap();

export default function mount({ parentElement, data, setTriggerValue }) {
  let pointer = pointers.get(parentElement);
  if (!pointer) {
    pointer = { name: String(Math.random()), turn: 0, abort: new AbortController() };
    pointers.set(parentElement, pointer);
  }
  const { name, abort } = pointer;
  const tell = (pointing) => window.dispatchEvent(new CustomEvent("playground:point", { detail: { name, pointing } }));
  abort.abort();
  pointer.abort = new AbortController();
  const { signal } = pointer.abort;
  window.addEventListener("playground:hello", () => tell(data), { signal }); // the stage came later
  window.addEventListener("playground:picked", (/** @type {CustomEvent} */ { detail }) => {
    inTurn(() => setTriggerValue("pick", detail));
  }, { signal });
  tell(data);
  const turn = ++pointer.turn;
  return () => {
    if (turn !== pointer.turn) return; // Streamlit also ends a call that another one has overtaken
    pointer.abort.abort();
    pointers.delete(parentElement);
    tell(null);
  };
}
