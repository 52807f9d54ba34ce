// One colour code for the whole stage: blue is positive, orange negative, and the paler the nearer to zero.

/** @typedef {[number, number, number]} Rgb */
/** @typedef {{ink: string, muted: string, grid: string, paper: string, halo: string, neutral: Rgb, negative: Rgb,
 *             positive: Rgb, classes: Rgb[], doubt: Rgb, test: string}} Palette */

/** Orange, blue, green, pink, yellow: the hues of Okabe and Ito, told apart by colour-blind readers too; then five more,
 *  for which the marker's shape says what colour alone cannot. @type {Record<string, Rgb[]>} */
const HUES = {
  light: [[217, 102, 11], [15, 111, 198], [0, 140, 105], [194, 84, 150], [176, 140, 0],
          [96, 96, 96], [130, 60, 190], [160, 40, 40], [70, 160, 190], [90, 110, 30]],
  dark: [[255, 157, 77], [90, 169, 240], [52, 200, 160], [238, 140, 200], [240, 210, 80],
         [190, 190, 190], [186, 140, 250], [250, 130, 130], [140, 220, 240], [180, 200, 90]],
};

/** @type {Record<string, Palette>} */
const PALETTES = {
  light: {
    ink: "#1b2430", muted: "#5b6673", grid: "#dde2e8", paper: "#ffffff", halo: "#ffffff", test: "#1b2430",
    neutral: [245, 246, 246], negative: HUES.light[0], positive: HUES.light[1], classes: HUES.light, doubt: [110, 80, 140],
  },
  dark: {
    ink: "#e8edf3", muted: "#a3afbd", grid: "#303a46", paper: "#11161d", halo: "#11161d", test: "#ffffff",
    neutral: [30, 37, 47], negative: HUES.dark[0], positive: HUES.dark[1], classes: HUES.dark, doubt: [190, 160, 230],
  },
};

/** Low loss is dark, high loss light; lightness grows evenly, so that it reads in grey as well. @type {Rgb[]} */
const DEPTHS = [[16, 36, 63], [27, 72, 112], [42, 113, 146], [82, 158, 173], [150, 201, 190], [228, 240, 222]];

/** @param {Rgb} from @param {Rgb} to @param {number} share @returns {Rgb} */
function mix(from, to, share) {
  const blend = (/** @type {number} */ i) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [blend(0), blend(1), blend(2)];
}

/** Whether Streamlit's background at `element` is a dark one. @param {Element} element @returns {"light" | "dark"} */
function themeOf(element) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(element).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(String(probe.fillStyle).slice(at, at + 2), 16)); // always #rrggbb
  return 0.3 * r + 0.6 * g + 0.1 * b < 128 ? "dark" : "light";
}

/** @param {Rgb} rgb @param {number} [alpha] */
function css(rgb, alpha = 1) {
  return `rgba(${rgb[0]}, ${rgb[1]}, ${rgb[2]}, ${alpha})`;
}

/** 256 colours as the 32-bit words an ImageData holds. @param {(share: number) => Rgb} colour */
function ramp(colour) {
  const words = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = colour(i / 255);
    words[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return words;
}

/** A quantised value, 1 to 255 with 128 as zero, as a share from −1 to 1. @param {number} byte */
function centred(byte) {
  return Math.max(-1, Math.min(1, (byte - 128) / 127));
}

const STRENGTH = 0.6; // how far a picture goes towards the full colour, so that points stand out on it

/** All colour tables of a theme. @param {"light" | "dark"} theme */
function colourTables(theme) {
  const palette = PALETTES[theme];
  const { neutral, negative, positive } = palette;
  return {
    palette,
    diverging: ramp((share) => {
      const value = centred(Math.round(share * 255));
      return mix(neutral, value < 0 ? negative : positive, Math.abs(value) * STRENGTH);
    }),
    doubt: ramp((share) => mix(neutral, palette.doubt, share)),
    classes: palette.classes.map((hue) => ramp((share) => mix(neutral, hue, share * STRENGTH))),
    depth: ramp((share) => {
      const place = share * (DEPTHS.length - 1);
      const i = Math.min(Math.floor(place), DEPTHS.length - 2);
      return mix(DEPTHS[i], DEPTHS[i + 1], place - i);
    }),
  };
}

/** A class's colours for a quantised probability: 128 is zero, 255 one. */
function centredHalf(table) {
  return table.map((_, byte) => table[Math.max(0, Math.min(255, Math.round((byte - 128) * 2)))]);
}
