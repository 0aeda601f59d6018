// Reads a file that somebody chose, if it is one that an option may hold.
import { contentCharactersMax } from "./option-values.ts";

export type TextFile = { content: string; problem?: undefined } | { content?: undefined; problem: string };

export async function readTextFile(file: Blob): Promise<TextFile> {
  const problem = `A file of at most ${contentCharactersMax / 1024} KB is wanted.`;
  if (file.size > contentCharactersMax) return { problem };
  const bytes = await file.arrayBuffer();
  try {
    const content = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return content === "" ? { problem: "This file is empty." } : { content };
  } catch {
    return { problem: "This file holds no text." };
  }
}
