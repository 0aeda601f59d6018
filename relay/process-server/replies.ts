// What a reply does. Pure: changes a draft.
import { archiveBytesMax, outcomeUnknown, type Reply, type ReplyMachine } from "../../functions/contract.ts";
import { RelayError } from "../errors.ts";
import type { Failure } from "../store/types.ts";
import { closeRun, outdateFinding } from "./close-run.ts";
import type { ProcessServerConfig } from "./config.ts";
import { type Draft, describeFailure } from "./draft.ts";
import { lifecycles } from "./lifecycles.ts";
import { type Current, findCurrent } from "./runs.ts";
import { activateNext, endProcess, fireLater, waitFor } from "./steps.ts";

/** A final reply ("no" or "error"). */
export function takeReply(draft: Draft, reply: Reply, config: ProcessServerConfig): void {
  const eventId = reply.previousIds[0] as string;
  const machine = reply.data?.machine ?? {};
  const current = findCurrent(draft, eventId, reply.run);
  if (!current) {
    if (machine.archive) draft.setStray(machine.archive, eventId, draft.refusal?.message ?? "unexpected reply");
    return;
  }
  if (draft.run) closeRun(draft, draft.run, { isClean: true, reason: "replied" });
  mergeMachine(draft, machine);
  outdateFinding(draft);
  // Whatever it was, a reply means that the cancelled run is over.
  if (current.process.state === "cancelling") {
    draft.note("reply", `${reply.transitioning ?? "no"}, after the cancel`);
    endProcess(draft, draft.current ?? current.process, "cancelled", null, config);
  } else if (reply.transitioning === "error") takeError(draft, current, reply, config);
  else takeDone(draft, current, reply, config);
}

function takeDone(draft: Draft, { process, step }: Current, reply: Reply, config: ProcessServerConfig): void {
  draft.note("reply", reply.transitioningMessage || `${step.handler} is done`);
  const done = draft.changeStep(process, step, { state: "done", endedAt: draft.now });
  const changed = draft.changeProcess(done.process, { failures: 0, error: null });
  // Our own handlers look at everything that is known. Any other settles what came of its own runs, and nothing older:
  // a check before delete must not hide from delete that a VM may still appear.
  const isSettled = step.handler === process.name || (draft.machine.unsettledSince ?? 0) >= (step.startedAt ?? 0);
  draft.changeMachine({ resolved: null, ...(isSettled ? { unsettledSince: null } : {}) });
  activateNext(draft, changed, config);
}

function takeError(draft: Draft, { process }: Current, reply: Reply, config: ProcessServerConfig): void {
  const error: Failure = {
    code: reply.code ?? "handler.error",
    message: reply.transitioningMessage || "the handler replied with an error and no message",
  };
  draft.note("reply", `error: ${describeFailure(error)}`);
  if (error.code === outcomeUnknown) return waitFor(draft, process, "resolve", error);
  if (lifecycles[process.name].endsOnError) return endProcess(draft, process, "error", error, config);
  // A delete never gives up: this attempt failed, the reason and the next attempt's time stay visible.
  fireLater(draft, process, error, config, { isCounted: true });
}

/** The fields that a reply may set; `+labels` merges, `labels` replaces. */
function mergeMachine(draft: Draft, { archive, labels, "+labels": moreLabels, ...fields }: ReplyMachine): void {
  if (archive !== undefined) draft.setArchive(archive);
  const changedLabels = labels ?? (moreLabels ? draft.machine.labels : undefined);
  draft.changeMachine({
    ...fields,
    ...(changedLabels ? { labels: { ...changedLabels, ...moreLabels } } : {}),
  });
}

/** @throws RelayError `archive.invalid`: looked at before anything is written, as far as can be seen from outside. */
export function checkArchive(archive: string | null | undefined, field: string): void {
  if (archive === null || archive === undefined) return;
  const expected = `a tar.gz in base64, at most ${archiveBytesMax} bytes`;
  const size = (archive.length * 3) / 4;
  if (size > archiveBytesMax) {
    throw new RelayError("archive.invalid", {
      message: "the archive is too large",
      field,
      expected,
      got: `${size} bytes`,
    });
  }
  const head = Buffer.from(archive.slice(0, 8), "base64");
  // Gzip begins with 1f 8b 08; base64 has nothing but its alphabet.
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 0x08 || !/^[A-Za-z0-9+/]+={0,2}$/.test(archive)) {
    throw new RelayError("archive.invalid", {
      message: "the archive is no archive",
      field,
      expected,
      got: JSON.stringify(archive.slice(0, 20)),
    });
  }
}
