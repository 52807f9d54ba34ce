// The keyboard: what each key does, and when it is somebody else's.

/** What each key does, and in words. */
const KEYS = {
  " ": ["play", "play and pause"],
  ArrowRight: ["step", "one gradient step; with Shift ten"],
  ArrowLeft: ["back", "one step back"],
  h: ["hundred", "a hundred steps"],
  e: ["epoch", "an epoch"],
  Home: ["reset", "to the start"],
  r: ["reset", "to the start"],
  End: ["end", "to the furthest step reached"],
  b: ["branch", "branch: forget what lies ahead"],
  z: ["undo", "undo the last change of a weight"],
  1: ["slow", "slow motion"],
  2: ["calm", "two steps a second"],
  3: ["1", "every step"],
  4: ["10", "every 10th step"],
  5: ["100", "every 100th step"],
  6: ["full", "full speed"],
  m: ["mark", "mark this step, for the loss surface"],
  l: ["slice", "which slice of the loss landscape to show"],
  d: ["draw", "draw points on the plane"],
  v: ["view", "what to show"],
  s: ["save", "things to take along"],
  t: ["table", "all weights as tables"],
  "?": ["help", "this list"],
};
const NAMES = { " ": "Space", ArrowRight: "→", ArrowLeft: "←" };

/** The keys as a list of terms and what they do. @returns {HTMLElement[]} */
function listOfKeys() {
  const line = ([key, words]) => [piece("dt", "", key), piece("dd", "", words)];
  const always = Object.entries(KEYS).map(([key, [, words]]) => [NAMES[key] ?? key.toUpperCase(), words]);
  return [...always, ["Drawing", "with the focus on the plane:"], ...Object.entries(KEYS_TO_DRAW)].flatMap(line);
}

/** Whether a key belongs to the control that has the focus. @param {KeyboardEvent} event */
function isTyping(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  const fields = "input, textarea, select, [contenteditable], [role=slider], [role=radio], [role=option], [role=tab]," +
    "[role=combobox], [role=listbox], [role=menuitem], [data-keys=own], [role=dialog] *, dialog *";
  if (target.closest(fields)) return true;
  if (!target.closest("button, a, summary, [role=button]")) return false;
  const ours = target.matches("[data-testid=stage] *");
  return event.key === " " || event.key === "Enter" || (event.key.startsWith("Arrow") && !ours);
}
