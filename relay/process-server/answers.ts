// What subscribers say, on its way to a decision. Final words are on disk when their promise resolves; progress and log
// lines may lose their last second.
import type { LogLine, Progress, Reply } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { Answers, EventRef } from "../event-bus/answers.ts";
import type { Draft, Outcome } from "./draft.ts";
import type { Engine } from "./engine.ts";
import { createLogBatches } from "./log-batches.ts";
import { createThrottle } from "./progress.ts";
import { checkArchive, takeReply } from "./replies.ts";
import { beginRun, confirmCancel, endRun, findCurrent, takeCheckpoint, takeUnanswered } from "./runs.ts";
import { maskSecrets, secretValues } from "./secrets.ts";

/** A message is shown on the machine: a longer one is cut there, and whole in the log. */
const messageCharactersMax = 500;

export interface EngineAnswers extends Answers {
  /** Writes what waits. */
  flush(): Promise<void>;
}

export function createAnswers(engine: Engine): EngineAnswers {
  const { store, config, watches } = engine;

  const progress = createThrottle<{ event: EventRef; run: number; progress: Progress }>(
    config.progressEveryMs,
    (_machineId, { event, run, progress }) =>
      engine
        .change(event.machineId, (draft) => {
          if (!findCurrent(draft, event.eventId, run)) return;
          const { progress: percent, stage } = progress;
          const message = mask(draft, event.eventId, progress.message).slice(0, messageCharactersMax);
          draft.changeMachine({ progress: { message, percent, stage } });
        })
        .then(() => {}, logLoss("progress")),
  );

  const logs = createLogBatches(config.logEveryMs, async (machineId, processId, lines) => {
    engine.publish("resource.log", machineId, { processId, lines });
    await store.appendLog(machineId, processId, lines).catch(logLoss("log lines"));
  });

  function logLoss(what: string) {
    return (error: unknown) => engine.log.warn({ err: error }, `${what} lost`);
  }

  /** Without the values that the event was fired with, or those of now where nothing waits for an answer to it. */
  function mask(draft: Draft, eventId: string, text: string): string {
    return maskSecrets(text, watches.ofEvent(eventId)?.secrets ?? secretValues(draft.machine.driverConfig));
  }

  return {
    async look({ machineId, eventId }) {
      const { process, runs } = await store.getCurrent(machineId);
      const isCurrent = process?.steps.some((step) => step.state === "active" && step.eventId === eventId) ?? false;
      const isCancelling = isCurrent && process?.state === "cancelling";
      return {
        isCurrent: isCancelling || (isCurrent && process?.state === "running"),
        isCancelling,
        runs: isCurrent ? runs : [],
      };
    },

    async beginRun(event, place) {
      let run: ReturnType<typeof beginRun> | undefined;
      await engine.change(event.machineId, (draft) => {
        run = beginRun(draft, event, place);
      });
      return run as NonNullable<typeof run>;
    },

    async endRun(event, run, end) {
      checkArchive(end.archive, "archive");
      await engine.change(event.machineId, (draft) => {
        endRun(draft, event, run, { ...end, reason: mask(draft, event.eventId, end.reason) }, config);
      });
    },

    async confirmCancel(event) {
      await engine.change(event.machineId, (draft) => confirmCancel(draft, event, config));
    },

    keepAlive: (eventId) => watches.keepAlive(eventId),

    recordProgress(event, run, said) {
      watches.keepAlive(event.eventId);
      progress.push(event.machineId, { event, run, progress: said });
    },

    recordLog(event, _run, line: LogLine) {
      const watch = watches.ofEvent(event.eventId);
      if (!watch) return;
      watch.lastSignAt = engine.now();
      const text = maskSecrets(line.line, watch.secrets);
      logs.push(event.machineId, watch.processId, { at: engine.now(), stream: line.stream, line: text });
    },

    async recordCheckpoint(event, run, archive) {
      checkArchive(archive, "archive");
      watches.keepAlive(event.eventId);
      refuse(await engine.change(event.machineId, (draft) => takeCheckpoint(draft, event, run, archive)));
    },

    async reply(reply) {
      const event = eventOf(reply);
      checkArchive(reply.data?.machine?.archive, "data.machine.archive");
      const message = reply.transitioningMessage ?? "";
      if (reply.transitioning === "yes") {
        const outcome = await engine.change(
          event.machineId,
          (draft) => void findCurrent(draft, event.eventId, reply.run),
        );
        refuse(outcome);
        const run = outcome.process?.steps.find((step) => step.eventId === event.eventId)?.run ?? 1;
        this.recordProgress(event, run, {
          message,
          progress: reply.transitioningProgress ?? null,
          stage: null,
        });
        return;
      }
      // A progress that waits must not overwrite what the reply makes of the machine.
      progress.drop(event.machineId);
      let replied: { process: NonNullable<Outcome["process"]>; startedAt: number } | undefined;
      const outcome = await engine.change(event.machineId, (draft) => {
        const { current, activeStep } = draft;
        if (current && activeStep) replied = { process: current, startedAt: activeStep.startedAt ?? engine.now() };
        takeReply(draft, { ...reply, transitioningMessage: mask(draft, event.eventId, message) }, config);
      });
      refuse(outcome);
      if (replied) {
        engine.observe?.replied(replied.process, engine.now() - replied.startedAt, reply.transitioning === "error");
      }
    },

    async recordUnanswered(event, why) {
      await engine.change(event.machineId, (draft) => {
        takeUnanswered(draft, event, { ...why, message: mask(draft, event.eventId, why.message) }, config);
      });
    },

    async flush() {
      await Promise.all([progress.flush(), logs.flush()]);
    },
  };
}

/** What was refused was kept aside where it held something; whoever said it is told. */
function refuse({ refusal }: Outcome): void {
  if (refusal) throw new RelayError(refusal.code, { message: refusal.message, field: "previousIds" });
}

function eventOf(reply: Reply): EventRef {
  const eventId = reply.previousIds[0] as string;
  if (reply.name !== `reply.${eventId}`) {
    throw new RelayError("reply.invalid", {
      message: "the reply's name is not the event's replyTo",
      field: "name",
      expected: `reply.${eventId}`,
      got: reply.name,
    });
  }
  return { eventId, machineId: reply.resourceId };
}
