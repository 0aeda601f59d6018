import { expect, test } from "vitest";
import type { StreamMessage } from "../../functions/contract.ts";
import { type Listener, Transcript, unheardLinesMax } from "../../functions/invocations/transcript.ts";

function listen(): Listener & { messages: StreamMessage[]; isEnded: boolean } {
  return {
    messages: [],
    isEnded: false,
    send(message) {
      expect(this.isEnded).toBe(false);
      this.messages.push(message);
    },
    end() {
      this.isEnded = true;
    },
  };
}
const ended = { reply: null, ended: { clean: true, reason: "stopped" } } as const;

test("lines that nobody heard are told to the next stream, the newest of them, and how many are missing", () => {
  const transcript = new Transcript();
  for (let number = 1; number <= unheardLinesMax + 5; number += 1)
    transcript.log({ stream: "stdout", line: String(number) });
  const listener = listen();
  transcript.attach(listener);
  const lines = listener.messages
    .filter(({ event }) => event === "log")
    .map(({ data }) => (data as { line: string }).line);
  expect(lines[0]).toBe("(5 lines were printed while nobody listened)");
  expect(lines[1]).toBe("6");
  expect(lines.at(-1)).toBe(String(unheardLinesMax + 5));
  const other = listen();
  transcript.attach(other);
  expect(other.messages.map(({ event }) => event)).toEqual(["beat"]);
});

test("a beat that nobody is sent is no beat", () => {
  const beats: number[] = [];
  const transcript = new Transcript((beat) => beats.push(beat));
  transcript.beat();
  expect(beats).toEqual([]);
  const listener = listen();
  transcript.attach(listener);
  transcript.detach(listener);
  transcript.beat();
  expect(beats).toEqual([1]);
});

test("a stream that was replaced cannot detach the one that took its place", () => {
  const transcript = new Transcript();
  const [first, second] = [listen(), listen()];
  transcript.attach(first);
  transcript.attach(second);
  transcript.detach(first);
  transcript.progress({ message: "on", progress: null, stage: null });
  expect(first.isEnded).toBe(true);
  expect(second.messages.map(({ event }) => event)).toEqual(["beat", "progress"]);
});

test("nothing is told after the outcome, and there is only one", () => {
  const transcript = new Transcript();
  const listener = listen();
  transcript.attach(listener);
  transcript.finish(ended);
  transcript.progress({ message: "late", progress: null, stage: null });
  transcript.log({ stream: "stdout", line: "late" });
  transcript.checkpoint("bGF0ZQ==");
  expect(() => transcript.finish(ended)).toThrow("one outcome");
  expect(listener.messages.map(({ event }) => event)).toEqual(["beat", "ended"]);
  expect(listener.isEnded).toBe(true);
  expect(transcript.checkpointToSave).toBeNull();
});

test("what is acknowledged takes no memory", () => {
  const transcript = new Transcript();
  transcript.checkpoint("x".repeat(1000));
  expect(transcript.bytes).toBe(1000);
  expect(transcript.acknowledgeCheckpoint(2)).toBe(false);
  expect(transcript.acknowledgeCheckpoint(1)).toBe(true);
  expect(transcript.bytes).toBe(0);
});

test("an unclean end stays unclean when it was acknowledged", () => {
  const transcript = new Transcript();
  transcript.finish({ reply: null, ended: { clean: false, reason: "somebody lives" } });
  transcript.forgetContents();
  expect(transcript.outcome?.ended?.clean).toBe(false);
});
