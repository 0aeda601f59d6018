// The few colours that lines are drawn in, each readable in both themes, and which of them a terminal's colour becomes. Pure.

export type LineColour = "red" | "yellow" | "green" | "cyan" | "blue" | "magenta" | "soft";

const named: Readonly<Record<string, LineColour | "plain">> = {
  "ansi-black": "plain",
  "ansi-red": "red",
  "ansi-green": "green",
  "ansi-yellow": "yellow",
  "ansi-blue": "blue",
  "ansi-magenta": "magenta",
  "ansi-cyan": "cyan",
  "ansi-white": "plain",
  "ansi-bright-black": "soft",
  "ansi-bright-white": "plain",
};

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

/** Of `ansi-red`, `ansi-bright-red`, `ansi-palette-196` or `255, 0, 0`. */
export function nearestColour(colour: string): LineColour | "plain" {
  const name = named[colour] ?? named[colour.replace("-bright", "")];
  if (name) return name;
  const palette = /^ansi-palette-(\d+)$/.exec(colour);
  const parts = palette ? paletteColour(Number(palette[1])) : colour.split(",").map(Number);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => part / 255);
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

/** 16–231 are a cube of six steps a side, 232–255 greys; the parser names those below itself. */
function paletteColour(index: number): number[] {
  if (index >= 232) return Array(3).fill(8 + (index - 232) * 10);
  const step = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(step);
}
