// Turns the bytes of an invocation's stream into its messages, each checked, within a limit.
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { Compile } from "typebox/compile";
import { type StreamMessage, StreamMessages } from "../../functions/contract.ts";
import { parseJson } from "./connections.ts";
import type { Situation } from "./outcomes.ts";

/** The stream says something that no stream may say. */
export class StreamFault extends Error {
  override readonly name = "StreamFault";
  readonly situation: Situation;

  constructor(situation: Situation, message: string) {
    super(message);
    this.situation = situation;
  }
}

const checks = {
  beat: Compile(StreamMessages.beat),
  progress: Compile(StreamMessages.progress),
  log: Compile(StreamMessages.log),
  checkpoint: Compile(StreamMessages.checkpoint),
  reply: Compile(StreamMessages.reply),
  ended: Compile(StreamMessages.ended),
};
/** One of these that cannot be read is skipped: the work goes on without it. */
const dispensable = new Set(["progress", "log"]);

/** @throws StreamFault, and whatever the body throws */
export async function* readMessages(body: AsyncIterable<Uint8Array>, messageBytesMax: number) {
  const decoder = new TextDecoder();
  let arrived: EventSourceMessage[] = [];
  let isTooLarge = false;
  const parser = createParser({
    maxBufferSize: messageBytesMax,
    onEvent: (message) => {
      // The parser's own limit is on what it holds back; a message may also come in one piece.
      if (message.data.length > messageBytesMax) isTooLarge = true;
      else arrived.push(message);
    },
    onError: (error) => {
      // A line that is no field is skipped, as in a browser.
      if (error.type === "max-buffer-size-exceeded") isTooLarge = true;
    },
  });
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    const messages = arrived;
    arrived = [];
    for (const message of messages) {
      const read = readMessage(message);
      if (read) yield read;
    }
    if (isTooLarge) throw new StreamFault("tooLarge", `a message of more than ${messageBytesMax} bytes`);
  }
}

/** Null: nothing that concerns us. A newer function may say more than we know. */
function readMessage({ event, data }: EventSourceMessage): StreamMessage | null {
  if (event === undefined || !Object.hasOwn(checks, event)) return null;
  const name = event as keyof typeof checks;
  const value = parseJson(data);
  if (checks[name].Check(value)) return { event: name, data: value } as StreamMessage;
  if (dispensable.has(name)) return null;
  const [first] = checks[name].Errors(value);
  const where = first ? ` (${first.instancePath || "/"} ${first.message})` : "";
  throw new StreamFault("garbage", `a ${name} that is none${where}: ${JSON.stringify(data.slice(0, 100))}`);
}
