// All of one event, as the bus sent it: the public view, in which there is no secret.
import { useMemo } from "preact/hooks";
import { CopyButton } from "../parts/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { exactTime } from "../parts/relative-time.tsx";
import { Text } from "../parts/text.tsx";
import type { Kept } from "./kept-events.ts";

export function EventDialog({ kept, onClose }: { kept: Kept & { kind: "event" }; onClose(): void }) {
  const { event, machineName } = kept;
  const json = useMemo(() => JSON.stringify(event, null, 2), [event]);
  return (
    <Dialog title={event.name} onClose={onClose} class="events-dialog">
      <p class="events-about">
        <span>{exactTime(event.time)}</span>
        {event.resourceId !== null && (
          <a href={`/machines/${encodeURIComponent(event.resourceId)}`}>
            <Text>{machineName ?? event.resourceId}</Text>
          </a>
        )}
        <CopyButton text={json} label="Copy the JSON" />
      </p>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="events-json" tabIndex={0} aria-label="The event as JSON">
        <pre>{json}</pre>
      </section>
    </Dialog>
  );
}
