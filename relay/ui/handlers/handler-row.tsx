// One handler: where its events go, whether that works, and what is under way there.
import type { HandlerView } from "../../api/handler-view.ts";
import { formatDuration } from "../parts/duration.ts";
import { Icon } from "../parts/icon.tsx";
import { RelativeTime } from "../parts/relative-time.tsx";
import { Text } from "../parts/text.tsx";
import { countPlaces } from "./counts.ts";
import { describeHealth, type Look } from "./health.ts";

export interface HandlerRowProps {
  handler: HandlerView;
  look: Look | undefined;
  formerUrl: string | null;
  columns: readonly string[];
  onChangeUrl(): void;
  onRemove(): void;
}

/** The relay counts what it calls; what a listener does it only hears. */
const uncounted = "–";

export function HandlerRow({ handler, look, formerUrl, columns, onChangeUrl, onRemove }: HandlerRowProps) {
  const { name, order, url, source, statistics } = handler;
  const health = describeHealth(handler, look);
  const version = look && "check" in look && look.url === url ? look.check.version : null;
  const count = (value: number | undefined) => (url === null && !statistics ? uncounted : (value ?? 0));
  const mean = statistics?.meanReplyMs ?? null;
  const label = (index: number) => ({ "data-label": columns[index] });
  return (
    <>
      <tr>
        <td class="handlers-number" {...label(0)}>
          {order}
        </td>
        <th scope="row" class="handlers-name">
          <Text>{name}</Text>
        </th>
        <td {...label(2)}>
          <div>{url === null ? "a listener on the bus" : <Text>{url}</Text>}</div>
          <Places handler={handler} formerUrl={formerUrl} />
          <div class="soft handlers-source">{describeSource(source, handler)}</div>
        </td>
        <td {...label(3)}>
          <span class={`state tone-${health.tone}`}>
            <Icon name={health.icon} /> {health.word}
          </span>
          {version !== null && (
            <div class="soft">
              version <Text>{version}</Text>
            </div>
          )}
        </td>
        <td class="handlers-number" {...label(4)}>
          {count(statistics?.inFlight)}
        </td>
        <td class="handlers-number" {...label(5)}>
          {count(statistics?.queued)}
        </td>
        <td class="handlers-number" {...label(6)}>
          {mean === null ? uncounted : formatDuration(mean)}
        </td>
        <td class="handlers-number" {...label(7)}>
          {count(statistics?.replies)}
        </td>
        <td class="handlers-number" {...label(8)}>
          {count(statistics?.errors)}
        </td>
        <td class="handlers-do">
          <button
            type="button"
            aria-label={`${url === null ? "Give" : "Change"} the URL of ${name}`}
            onClick={onChangeUrl}
          >
            {url === null ? "Give URL" : "Change URL"}
          </button>
          <button type="button" class="quiet" aria-label={`Remove ${name}`} onClick={onRemove}>
            Remove
          </button>
        </td>
      </tr>
      {(health.detail !== null || statistics?.lastError) && (
        <tr class="handlers-notes">
          <td class="handlers-blank" colSpan={2} />
          <td colSpan={columns.length - 1}>
            {health.detail !== null && (
              <div class={`tone-${health.tone}`}>
                <Text>{health.detail}</Text>
              </div>
            )}
            {statistics?.lastError && (
              <div class="soft">
                Last error <RelativeTime at={statistics.lastError.at} />: <Text>{statistics.lastError.message}</Text>{" "}
                <span class="code">{statistics.lastError.code}</span>
              </div>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

/** Where work goes on, while that is more than one place: a swap can be watched here. */
function Places({ handler, formerUrl }: Pick<HandlerRowProps, "handler" | "formerUrl">) {
  const places = countPlaces(handler, formerUrl);
  if (places.length === 0) return null;
  return (
    <ul class="handlers-places">
      {places.map(({ url, inFlight, isCurrent }) => (
        <li key={url}>
          <strong>{inFlight}</strong> under way {isCurrent ? "here, at the new URL" : "still at"}{" "}
          {!isCurrent && <Text>{url}</Text>}
          {!isCurrent && inFlight === 0 && ": all have ended"}
        </li>
      ))}
    </ul>
  );
}

function describeSource(source: HandlerView["source"], { url, hasKey }: Pick<HandlerView, "url" | "hasKey">): string {
  const from = source === "environment" ? "from the environment" : "set by API";
  if (url !== null) return from;
  return `${from}, ${hasKey ? "with a key of its own" : "by an operator's key"}`;
}
