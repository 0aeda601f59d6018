// One event on one line.
import { useMemo } from "preact/hooks";
import { ClockTime } from "../parts/relative-time.tsx";
import { Text } from "../parts/text.tsx";
import type { Kept } from "./kept-events.ts";
import { summarize } from "./summary.ts";

export interface EventRowProps {
  kept: Kept;
  onOpen(kept: Kept & { kind: "event" }): void;
}

export function EventRow({ kept, onOpen }: EventRowProps) {
  // An event never changes, so its row is made once, however often the list is drawn.
  return useMemo(
    () =>
      kept.kind === "gap" ? (
        <li class="events-gap">
          <ClockTime at={kept.at} /> <span>Connected again. What happened before this may be missing here.</span>
        </li>
      ) : (
        <Row kept={kept} onOpen={onOpen} />
      ),
    [kept, onOpen],
  );
}

function Row({ kept, onOpen }: { kept: Kept & { kind: "event" }; onOpen: EventRowProps["onOpen"] }) {
  const { event, machineName } = kept;
  return (
    <li class="events-row">
      <ClockTime at={event.time} />
      <button type="button" class="link events-name" onClick={() => onOpen(kept)}>
        <Text>{event.name}</Text>
      </button>
      {event.resourceId === null ? (
        <span />
      ) : (
        <a class="events-of" href={`/machines/${encodeURIComponent(event.resourceId)}`}>
          <Text>{machineName ?? event.resourceId}</Text>
        </a>
      )}
      <span class="events-summary">
        <Text>{summarize(event)}</Text>
      </span>
    </li>
  );
}
