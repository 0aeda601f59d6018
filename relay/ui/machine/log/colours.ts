// The few colours that lines are drawn in, each readable in both themes, and which of them a terminal's colour becomes. Pure.

export type LineColour = "red" | "yellow" | "green" | "cyan" | "blue" | "magenta" | "soft";

/** The sixteen that have names, in the order of terminals: dark ones, then bright ones. */
const named: readonly (LineColour | "plain")[] = [
  ...(["plain", "red", "green", "yellow", "blue", "magenta", "cyan", "plain"] as const),
  ...(["soft", "red", "green", "yellow", "blue", "magenta", "cyan", "plain"] as const),
];

/** Where each hue begins, in degrees. */
const hues: readonly [number, LineColour][] = [
  [0, "red"],
  [24, "yellow"],
  [75, "green"],
  [165, "cyan"],
  [205, "blue"],
  [265, "magenta"],
  [335, "red"],
];
/** Less colourful than this is a grey. */
const saturationMin = 0.2;
/** Greys in the middle are soft; near black and near white they are text as any other. */
const softFrom = 0.25;
const softTo = 0.75;

/** Of a number in a terminal's palette of 256, or of red, green and blue, 0–255 each. */
export function nearestColour(colour: number | readonly number[]): LineColour | "plain" {
  const name = typeof colour === "number" ? named[colour] : undefined;
  if (name) return name;
  const [red = 0, green = 0, blue = 0] = (typeof colour === "number" ? paletteColour(colour) : colour).map(
    (part) => part / 255,
  );
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < saturationMin) {
    const lightness = (most + least) / 2;
    return lightness > softFrom && lightness < softTo ? "soft" : "plain";
  }
  const hue = hueOf(red, green, blue, most, most - least);
  return hues.findLast(([from]) => hue >= from)?.[1] ?? "red";
}

function hueOf(red: number, green: number, blue: number, most: number, range: number): number {
  const sixth =
    most === red ? (green - blue) / range : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  return (sixth * 60 + 360) % 360;
}

/** 16–231 are a cube of six steps a side, 232–255 greys. */
function paletteColour(index: number): number[] {
  if (index >= 232) return Array(3).fill(8 + (index - 232) * 10);
  const step = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(step);
}
