// The bytes of a frame as subscribers get them: made once for each form and view, however many hear it.
import type { Frame } from "../event-bus/bus.ts";
import type { Notice } from "../event-bus/events.ts";

export type StreamForm = "ndjson" | "sse";
export type FrameView = "public" | "whole";

const made = new WeakMap<Frame, Partial<Record<`${StreamForm} ${FrameView}`, Buffer>>>();

export function bytesOf(frame: Frame, form: StreamForm, view: FrameView): Buffer {
  const forms = made.get(frame) ?? {};
  made.set(frame, forms);
  forms[`${form} ${view}`] ??= makeBytes(frame, form, view);
  return forms[`${form} ${view}`] as Buffer;
}

function makeBytes(frame: Frame, form: StreamForm, view: FrameView): Buffer {
  const json = view === "whole" ? frame.wholeJson() : frame.publicJson();
  return Buffer.from(form === "sse" ? formatSse(json, frame.id) : `${json}\n`);
}

export function formatNotice(
  notice: Omit<Notice, "resourceType" | "resourceId">,
  form: StreamForm,
  id?: string,
): string {
  const json = JSON.stringify({ ...notice, resourceType: null, resourceId: null });
  return form === "sse" ? formatSse(json, id) : `${json}\n`;
}

/**
 * Without an event field: a browser's onmessage hears everything, and the name is in the data, as in NDJSON. JSON on one
 * line has no line end in it, and the id is ours, so neither can forge a field.
 */
function formatSse(json: string, id: string | undefined): string {
  return `${id === undefined ? "" : `id: ${id}\n`}data: ${json}\n\n`;
}
