// A line of a log can hold anything: what becomes of it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nearestColour } from "../../../../relay/ui/machine/log/colours.ts";
import { readLine, textOf } from "../../../../relay/ui/machine/log/read-line.ts";

const e = "\u001b";

test.each<[title: string, line: string, shown: string]>([
  ["plain text", "Docker is up", "Docker is up"],
  ["nothing", "", ""],
  ["HTML is text", "<b onclick=x>&amp;</b>", "<b onclick=x>&amp;</b>"],
  ["a colour", `${e}[31mred${e}[0m plain`, "<log-red:red> plain"],
  ["a bright colour", `${e}[92mok`, "<log-green:ok>"],
  ["bold and a background", `${e}[1;33;44mx`, "<log-yellow log-on-blue log-bold:x>"],
  ["black and white follow the theme", `${e}[30ma${e}[97mb`, "ab"],
  ["grey is soft", `${e}[90mdim`, "<log-soft:dim>"],
  ["reversed", `${e}[7minverse${e}[27m not`, "<log-on-soft:inverse> not"],
  ["a colour of the palette", `${e}[38;5;196mx`, "<log-red:x>"],
  ["a colour of millions", `${e}[38;2;20;200;40mx`, "<log-green:x>"],
  ["the same with colons", `${e}[38:2::20:200:40mx${e}[0m${e}[38:5:21my`, "<log-green:x><log-blue:y>"],
  ["a curly underline in a colour", `${e}[4:3;58;5;196mx`, "<log-underline:x>"],
  [
    "looks end one by one",
    `${e}[1;3;31mx${e}[22my${e}[39mz${e}[mw`,
    "<log-red log-bold log-italic:x><log-red log-italic:y><log-italic:z>w",
  ],
  ["a palette's parameters are no looks of their own", `${e}[48;5;1;4mx`, "<log-on-red log-underline:x>"],
  ["hidden text is shown, blinking text rests", `${e}[8msecret${e}[0m ${e}[5mblink`, "secret blink"],
  ["cursor and erasing", `${e}[2J${e}[1;1H${e}[?25lx${e}[K`, "x"],
  ["a title", `${e}]0;owned\u0007x`, "x"],
  ["a link keeps its text only", `${e}]8;;http://evil${e}\\text${e}]8;;${e}\\`, "text"],
  ["other strings", `${e}Pq#0${e}\\x${e}_apc${e}\\y${e}(Bz${e}7`, "xyz"],
  ["an order that does not end hides nothing", `${e}]0;never ends`, "^[]0;never ends"],
  ["a colour that does not end", `x${e}[31`, "x^[[31"],
  [
    "control characters",
    "a\u0000b\u0008c\u007fd\u009be",
    "a<log-control:^@>b<log-control:^H>c<log-control:^?>d<log-control:\\x9b>e",
  ],
  ["tabs stay", "a\tb", "a\tb"],
  ["a progress bar", "10%\r50%\r100%\r", "100%"],
  ["its colour is the last one", `${e}[32mold\rnew`, "<log-green:new>"],
  ["Windows line ends", "text\r", "text"],
  ["direction marks stay, in an element of their own", "a\u202eb", "a\u202eb"],
])("%s", (_title, line, shown) => {
  const drawn = readLine(line).map(({ text, look }) => (look === "" ? text : `<${look}:${text}>`));
  expect(drawn.join("")).toBe(shown);
});

test("a hostile line costs no more than its length", () => {
  const hostile = `${e}]${e}[${e}P1;`.repeat(20_000);
  expect(textOf(readLine(hostile)).length).toBeGreaterThan(20_000);
});

test.each<[colour: number | number[], name: string]>([
  [[255, 0, 0], "red"],
  [[255, 140, 0], "yellow"],
  [[0, 255, 0], "green"],
  [[0, 200, 200], "cyan"],
  [[40, 80, 255], "blue"],
  [[255, 0, 255], "magenta"],
  [[255, 0, 60], "red"],
  [[128, 128, 128], "soft"],
  [[10, 10, 10], "plain"],
  [[250, 250, 250], "plain"],
  [244, "soft"],
  [46, "green"],
  [12, "blue"],
])("%s becomes %s", (colour, name) => {
  expect(nearestColour(colour)).toBe(name);
});

test("every colour is readable on every background, in both themes", () => {
  const colours = { ...variablesOf("styles/base.css"), ...variablesOf("machine/log/log.css") };
  const inks = Object.keys(colours).filter((name) => name === "--ink" || /^--log-(?!on-|match)/.test(name));
  const papers = ["--panel", "--raised", ...Object.keys(colours).filter((name) => name.startsWith("--log-on-"))];
  const pairs = [
    ...inks.flatMap((ink) => papers.map((paper) => [ink, paper] as const)),
    ["--ink", "--log-match"] as const,
  ];
  expect(pairs.length).toBeGreaterThan(70);
  const faint = pairs.flatMap(([ink, paper]) =>
    [0, 1].flatMap((theme) => {
      const ratio = contrast(colours[ink]?.[theme] ?? "", colours[paper]?.[theme] ?? "");
      return ratio >= 4.5 ? [] : [`${ink} on ${paper}: ${ratio.toFixed(2)} in theme ${theme}`];
    }),
  );
  expect(faint).toEqual([]);
});

function variablesOf(path: string): Record<string, string[]> {
  const css = readFileSync(new URL(`../../../../relay/ui/${path}`, import.meta.url), "utf8");
  const found = css.matchAll(/(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g);
  return Object.fromEntries([...found].map(([, name, light, dark]) => [name, [light, dark]]));
}

/** WCAG 2: the contrast ratio of two colours. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
