// Takes the relay's server-sent events apart: an id, and one line of data. Pure, but for the piece that is not whole yet.

/** The relay lets no more than this wait for a reader; an endless line must not fill the tab. */
const messageCharactersMax = 16 * 1024 * 1024;

export interface Message {
  id: string | null;
  data: string;
}

/** Returns what takes the stream's text as it comes, cut anywhere, and gives the messages that are whole. */
export function createMessageReader(): (chunk: string) => Message[] {
  let rest = "";
  return (chunk) => {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    if (rest.length > messageCharactersMax) throw new Error("the relay sent a message without an end");
    return blocks.flatMap((block) => {
      const lines = block.split("\n");
      const read = (field: string) => lines.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2);
      const data = read("data");
      return data === undefined ? [] : [{ id: read("id") ?? null, data }];
    });
  };
}
