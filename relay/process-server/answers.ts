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
import {
  beginRun,
  confirmCancel,
  endRun,
  eventOver,
  findCurrent,
  noteWork,
  takeCheckpoint,
  takeUnanswered,
} from "./runs.ts";
import { maskSecrets, secretValues } from "./secrets.ts";
import type { Watch } from "./watches.ts";

/** A message is shown on the machine: a longer one is cut there, and whole in the log. */
const messageCharactersMax = 500;

export interface EngineAnswers extends Answers {
  /** Writes what waits. */
  flush(): Promise<void>;
}

export function createAnswers(engine: Engine): EngineAnswers {
  const { store, config, watches } = engine;

  const progress = createThrottle<{ event: EventRef; run: number; progress: Progress; inStage: Watch["stage"] }>(
    config.progressEveryMs,
    (_machineId, { event, run, progress, inStage }) =>
      engine
        .change(event.machineId, (draft) => {
          const current = findCurrent(draft, event.eventId, run);
          if (!current) return;
          noteWork(draft, current);
          const masked = (text: string) => mask(draft, event.eventId, text);
          const message = masked(progress.message).slice(0, messageCharactersMax);
          const stage = progress.stage === null ? null : masked(progress.stage);
          draft.changeMachine({ progress: { message, percent: progress.progress, stage } });
          if (inStage) draft.enterStage(masked(inStage.name), inStage.since);
        })
        .then(() => {}, logLoss("progress")),
  );

  const logs = createLogBatches(config.logEveryMs, async (machineId, processId, lines) => {
    const kept = await store.appendLog(machineId, processId, lines).catch(logLoss("log lines"));
    // With the numbers by which they can be read again: what is not kept is not told either.
    if (kept && kept.length > 0) engine.publish("resource.log", machineId, { processId, lines: kept });
  });

  function logLoss(what: string) {
    return (error: unknown): void => engine.log.warn({ err: error }, `${what} lost`);
  }

  /** Decides on an answer. @throws RelayError `event.over` or `event.otherRun`, with the archive in it kept aside */
  async function change(event: EventRef, archive: string | null | undefined, decide: (draft: Draft) => void) {
    try {
      const outcome = await engine.change(event.machineId, decide);
      if (outcome.refusal) throw refused(outcome.refusal);
      return outcome;
    } catch (error) {
      if (!(error instanceof RelayError) || error.code !== "event.unknown") throw error;
      // A decision sees the machine's newest processes; the event may be of an older one.
      if ((await store.findEvent(event.eventId))?.machineId !== event.machineId) throw error;
      const refusal = eventOver(event.eventId);
      if (archive) {
        await engine.change(event.machineId, (draft) => draft.setStray(archive, event.eventId, refusal.message));
      }
      throw refused(refusal);
    }
  }

  /** Without the values that the event was fired with, or those of now where nothing waits for an answer to it. */
  function mask(draft: Draft, eventId: string, text: string): string {
    return maskSecrets(text, watches.ofEvent(eventId)?.secrets ?? secretValues(draft.machine));
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
      const inStage = watches.hearStage(event.eventId, said.stage);
      progress.push(event.machineId, { event, run, progress: said, inStage });
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
      await change(event, archive, (draft) => takeCheckpoint(draft, event, run, archive));
    },

    async reply(reply) {
      const event = eventOf(reply);
      const archive = reply.data?.machine?.archive;
      checkArchive(archive, "data.machine.archive");
      const message = reply.transitioningMessage ?? "";
      if (reply.transitioning === "yes") {
        const outcome = await change(event, null, (draft) => void findCurrent(draft, event.eventId, reply.run));
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
      await change(event, archive, (draft) => {
        const { current, activeStep } = draft;
        if (current && activeStep) replied = { process: current, startedAt: activeStep.startedAt ?? engine.now() };
        takeReply(draft, { ...reply, transitioningMessage: mask(draft, event.eventId, message) }, config);
      });
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
function refused({ code, message }: NonNullable<Outcome["refusal"]>): RelayError {
  return new RelayError(code, { message, field: "previousIds" });
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
