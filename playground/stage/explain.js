// Explain this picture: what each part of the stage shows, in a few plain sentences, opened beside its heading.

const CURVE = [
  "Across is the one input, upwards the value. The bold line is the network's answer, the dashed one the value without noise.",
  "Markers are the data: filled ones are learned from, those with a dark edge are for testing.",
];

/** What is said of each part, the present setting included. @type {Record<string, (setup: any) => string[]>} */
const EXPLANATIONS = {
  numbers: ({ kind, penalty }) => [
    "A step is one change of all weights, made after looking at one mini-batch. An epoch is as many steps as show every training example once.",
    `Loss says how wrong the answers are: the mean over all examples${penalty ? ", plus the penalty on the weights" : ""}. 0 is perfect.`,
    kind === "regression"
      ? "R² is 1 where every value is met, and 0 where the answers are no better than the mean; it can be below 0."
      : "Accuracy is the share of examples whose class is right.",
    "Training counts the examples the network learns from, test those it never learns from. Far apart, it has learned by heart.",
  ],
  graph: ({ hidden, outputs, features, output, grouped, image }) => [
    `Data flows from left to right: ${count(features.length, "input")}, ${count(hidden.length, "hidden layer")}, ${count(outputs, "output")} (${output}).`,
    "Each picture in a square shows what that neuron answers at every point of the plane.",
    ...(grouped ? [`The ${features.length} inputs are drawn as one, and so are their weights into a neuron: the wider, the larger on average.`] : []),
    ...(image ? ["The first layer is drawn as its weights instead, pixel for pixel: blue is what it looks for, orange what it avoids."] : []),
    "Each line is a weight. The wider, the larger; whole and in one colour when positive, dashed and in the other when negative.",
    "The mark in a corner is the neuron's bias: a disc when positive, a diamond when negative.",
    "Point at a neuron to see it large, click a line or a corner to change its number.",
  ],
  plane: ({ kind, outputs, reach, unit, window: { titles, note, curve }, unlabelled }) => [
    ...(curve ? CURVE : [`Both axes are inputs: ${titles.join(" and ")}. The ground is what the network answers there.`]),
    ...(note ? [`There are more inputs than a plane can show. This one: ${note}. Data points are drawn where they are nearest.`] : []),
    ...(unlabelled.length ? ["Small grey dots are training points whose label is hidden: nothing is learned from them."] : []),
    ...(curve ? [] : {
      regression: aboutValues(...[-reach, 0, reach].map((value) => short(told(value, { unit })))),
      one: [
        "The deeper the colour, the surer it is; on the thin line both classes are equally likely.",
        "Markers are the data: shape and colour tell the class. Filled ones are learned from, hollow ones are for testing.",
      ],
      many: [
        "The colour is the most likely class; the deeper, the surer.",
        "Markers are the data: shape and colour tell the class. Filled ones are learned from, hollow ones are for testing.",
      ],
    }[kind === "regression" ? "regression" : outputs === 1 ? "one" : "many"]),
    ...(curve || note ? [] : ["A marker on ground of another colour is an error."]),
  ],
  curves: ({ penalty }) => [
    `Across are gradient steps, upwards the loss: how wrong the answers are${penalty ? ", plus the penalty" : ""}, mean over all examples.`,
    "The whole line is the training set, the dashed one the test set; the numbers at the right are those of the step shown.",
    "Grey lines are the run before this one. A dotted upright marks where the rule of learning was changed.",
    "Training falling while test rises is overfitting. Click anywhere to go to that step.",
  ],
  surface: () => [
    "All weights together are one place in a landscape of many dimensions, and its height is the loss. This is a slice of it.",
    "Dark is deep: a low loss. Thin lines join places of equal loss; the bar at the right tells its numbers.",
    "The white line is the path of the training, from the diamond to the disc; what lies beside the slice is drawn where it is nearest.",
    "Of the two arrows, the dashed one is straight downhill for the next mini-batch, the whole one the step to come. ×10 means drawn ten times as long.",
    "Move over it to see the network of another place. “Slice” chooses another cut; along one direction alone it is a curve.",
  ],
};

/** How values are shown: the lowest, the neutral and the highest one, in the target's own unit. */
function aboutValues(low, neutral, high) {
  return [
    `The colour is the predicted value, from ${low} over neutral at ${neutral} to ${high}.`,
    `Markers are the data: their colour is the true value, their shape tells on which side of ${neutral} it is.`,
    "Small ones with a dark edge are for testing.",
  ];
}

function count(number, noun) {
  return `${number || "no"} ${noun}${number === 1 ? "" : "s"}`;
}

/** Write the explanations that go with a setup. @param {HTMLElement} root */
function explain(root, setup) {
  for (const menu of root.querySelectorAll("[data-explain]")) {
    const sentences = EXPLANATIONS[menu.getAttribute("data-explain")](setup);
    menu.querySelector(".list").replaceChildren(...sentences.map((sentence) => piece("p", "", sentence)));
  }
}
