// Follows the stream of one run to its last word: renews its lease, records progress, log lines and checkpoints.
import { RelayError } from "../errors.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { FunctionResponse } from "./connections.ts";
import {
  type Conclusion,
  concludeError,
  concludeReply,
  type Invocation,
  type InvocationParts,
} from "./conversation.ts";
import { Renewals } from "./renewals.ts";
import { readReply } from "./replies.ts";
import { readMessages } from "./stream.ts";

export async function followStream(
  body: FunctionResponse["body"],
  invocation: Invocation,
  parts: InvocationParts,
): Promise<Conclusion> {
  const { answers, config, requests, leases, log } = parts;
  const { ref, run, memory, signal } = invocation;
  const renewals = new Renewals({
    memory,
    everyMs: config.renewEveryMs,
    mayRenew: () => run.leaseMs !== null && !signal.aborted && invocation.mayRenew(),
    send: async (beat, checkpoint) => {
      leases.renew(memory);
      const status = await requests.renew(run, { run: run.run, beat, checkpoint }, signal);
      if (status > 299) log.debug({ eventId: ref.eventId, run: run.run, status }, "renewal refused");
    },
  });
  const checkpoints = new Checkpoints(async ({ number, archive }) => {
    try {
      if (number > memory.savedCheckpoint) await answers.recordCheckpoint(ref, run.run, archive);
      renewals.saved(number);
    } catch (error) {
      // Not acknowledged: the function keeps it, and a later one comes.
      const code = error instanceof RelayError ? error.code : "internal";
      log.warn({ eventId: ref.eventId, run: run.run, code }, "checkpoint not recorded");
    }
  });
  const lastWords: Conclusion[] = [];
  let patience: NodeJS.Timeout | undefined;
  try {
    for await (const message of readMessages(body, config.messageBytesMax)) {
      if (signal.aborted) break;
      if (message.event === "beat") renewals.heard(message.data.number);
      else if (message.event === "progress") answers.recordProgress(ref, run.run, message.data);
      else if (message.event === "log") answers.recordLog(ref, run.run, message.data);
      else if (message.event === "checkpoint") checkpoints.add(message.data);
      else if (message.event === "reply" && message.data.transitioning === "yes") {
        const { transitioningMessage, transitioningProgress } = message.data;
        const progress = { message: transitioningMessage ?? "", progress: transitioningProgress ?? null, stage: null };
        answers.recordProgress(ref, run.run, progress);
      } else {
        lastWords.push(
          message.event === "ended"
            ? { kind: "ended", ended: message.data }
            : concludeReply(readReply(message.data, invocation.event, run.run)),
        );
        patience ??= setTimeout(() => body.destroy(), config.afterReplyMs);
      }
    }
  } catch (error) {
    // The last word was heard: how the connection ends does not matter any more.
    if (lastWords.length === 0) {
      if (signal.aborted) return { kind: "stopped" };
      return concludeError(error);
    }
  } finally {
    clearTimeout(patience);
    renewals.stop();
    body.destroy();
    await checkpoints.settled();
  }
  if (lastWords.length > 1) {
    return { kind: "failed", situation: "twoReplies", got: `${lastWords.length} last words in one stream` };
  }
  if (lastWords[0]) return lastWords[0];
  return signal.aborted ? { kind: "stopped" } : { kind: "failed", situation: "lost", got: "the end of the stream" };
}
