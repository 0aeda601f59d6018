// The looks that a terminal's orders ask for (`ESC [ 1 ; 31 m`), and the classes that they come to. Pure. Read here and
// not by a library: the one that there is was a thirtieth of the whole page, and guessed at what it did not know.
import { type LineColour, nearestColour } from "./colours.ts";

type Colour = LineColour | "plain" | null;

export interface Look {
  ink: Colour;
  paper: Colour;
  isReversed: boolean;
  /** Class names. `blink` and `hidden` are none: nothing may move without need, and nobody may hide text from who looks. */
  decorations: readonly string[];
}

export const plainLook: Look = { ink: null, paper: null, isReversed: false, decorations: [] };

const begun: Readonly<Record<number, string>> = {
  1: "log-bold",
  2: "log-soft",
  3: "log-italic",
  4: "log-underline",
  9: "log-struck",
};
const ended: Readonly<Record<number, readonly string[]>> = {
  22: ["log-bold", "log-soft"],
  23: ["log-italic"],
  24: ["log-underline"],
  29: ["log-struck"],
};
/** Ink, paper, and the underline's colour, which nobody sees here: each takes more parameters. */
const extended = new Set([38, 48, 58]);

/** `order`: complete, from its escape to its `m`. */
export function applyOrder(look: Look, order: string): Look {
  const parameters = order.slice(2, -1).split(";");
  let changed = look;
  while (parameters.length > 0) {
    // The newer spelling has the parameters of one look behind colons: `38:2::20:200:40`.
    const [first = "", ...own] = (parameters.shift() ?? "").split(":");
    const code = Number(first);
    if (extended.has(code)) {
      const colour = own.length > 0 ? colourOf(own[0], own.slice(1).slice(own[0] === "2" ? -3 : 0)) : take(parameters);
      if (code === 38) changed = { ...changed, ink: colour };
      if (code === 48) changed = { ...changed, paper: colour };
    } else {
      changed = apply(changed, code === 4 && own[0] === "0" ? 24 : code);
    }
  }
  return changed;
}

export function classesOf({ ink, paper, isReversed, decorations }: Look): string {
  const [front, back] = isReversed ? [paper, ink ?? "plain"] : [ink, paper];
  return [
    // The theme decides what is paper and what is ink: black on black would be nobody's wish.
    front === null || front === "plain" ? "" : `log-${front}`,
    back === null ? "" : `log-on-${back === "plain" ? "soft" : back}`,
    ...decorations,
  ]
    .filter((name, index, all) => name !== "" && all.indexOf(name) === index)
    .join(" ");
}

function apply(look: Look, code: number): Look {
  const { decorations } = look;
  if (code === 0) return plainLook;
  if (begun[code])
    return { ...look, decorations: [...decorations.filter((each) => each !== begun[code]), begun[code]] };
  if (ended[code]) return { ...look, decorations: decorations.filter((each) => !ended[code]?.includes(each)) };
  if (code === 7 || code === 27) return { ...look, isReversed: code === 7 };
  if (code === 39) return { ...look, ink: null };
  if (code === 49) return { ...look, paper: null };
  const index = code % 10;
  if (index > 7) return look;
  switch (Math.floor(code / 10)) {
    case 3:
      return { ...look, ink: nearestColour(index) };
    case 4:
      return { ...look, paper: nearestColour(index) };
    case 9:
      return { ...look, ink: nearestColour(index + 8) };
    case 10:
      return { ...look, paper: nearestColour(index + 8) };
    default:
      return look;
  }
}

/** The older spelling: `5;196` or `2;20;200;40` are the next parameters. */
function take(parameters: string[]): Colour {
  const form = parameters.shift();
  return colourOf(form, parameters.splice(0, form === "2" ? 3 : 1));
}

function colourOf(form: string | undefined, numbers: readonly string[]): Colour {
  if (form === "5") return nearestColour(Number(numbers[0]));
  return form === "2" ? nearestColour(numbers.map(Number)) : null;
}
