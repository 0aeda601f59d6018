// Labels as a person types them, one on each line: `role=web`. Pure.

/** As the API has it. */
export const labelsMax = 200;
const nameCharactersMax = 256;
const valueCharactersMax = 4_096;

export type ReadLabels = { labels: Record<string, string>; error: undefined } | { labels: undefined; error: string };

export function readLabels(text: string): ReadLabels {
  const labels = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, name = "", value = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const wrong = (what: string): ReadLabels => ({ labels: undefined, error: `Line ${index + 1}: ${what}` });
    if (name === "") return wrong("a label is name=value.");
    if (name.length > nameCharactersMax) return wrong(`a name has at most ${nameCharactersMax} characters.`);
    if (value.length > valueCharactersMax) return wrong(`a value has at most ${valueCharactersMax} characters.`);
    if (labels.has(name)) return wrong(`there is a label "${name}" already.`);
    labels.set(name, value);
  }
  if (labels.size > labelsMax) return { labels: undefined, error: `There may be ${labelsMax} labels at most.` };
  // Not by assignment: a label may be called __proto__.
  return { labels: Object.fromEntries(labels), error: undefined };
}
