// One handler: where its events go, whether that works, and what is under way there.
import type { HandlerView } from "../../api/handler-view.ts";
import { formatDuration } from "../parts/duration.ts";
import { RelativeTime } from "../parts/relative-time.tsx";
import { Text } from "../parts/text.tsx";
import { countPlaces } from "./counts.ts";
import { describeHealth, type Look } from "./health.ts";
import { HealthBadge } from "./url-field.tsx";

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
  const lastError = statistics?.lastError;
  const mean = statistics?.meanReplyMs ?? null;
  const count = (value: number | undefined) => (url === null && !statistics ? uncounted : (value ?? 0));
  const counts = [
    count(statistics?.inFlight),
    count(statistics?.queued),
    mean === null ? uncounted : formatDuration(mean),
    count(statistics?.replies),
    count(statistics?.errors),
  ];
  return (
    <>
      <tr>
        <td class="handlers-number" data-label={columns[0]}>
          {order}
        </td>
        <th scope="row" class="handlers-name">
          <Text>{name}</Text>
        </th>
        <td class="handlers-place">
          <div>{url === null ? "a listener on the bus" : <Text>{url}</Text>}</div>
          <Places handler={handler} formerUrl={formerUrl} />
          <div class="soft handlers-source">{describeSource(source, handler)}</div>
        </td>
        <td class="handlers-place">
          <HealthBadge health={health} />
          {version !== null && (
            <div class="soft">
              version <Text>{version}</Text>
            </div>
          )}
        </td>
        {counts.map((value, index) => (
          <td key={columns[index + 4]} class="handlers-number" data-label={columns[index + 4]}>
            {value}
          </td>
        ))}
        <td class="handlers-do">
          <button
            type="button"
            class="small"
            aria-label={`${url === null ? "Give" : "Change"} the URL of ${name}`}
            onClick={onChangeUrl}
          >
            {url === null ? "Give URL" : "Change URL"}
          </button>{" "}
          <button type="button" class="small quiet" aria-label={`Remove ${name}`} onClick={onRemove}>
            Remove
          </button>
        </td>
      </tr>
      {(health.detail !== null || lastError) && (
        <tr class="handlers-notes">
          <td class="handlers-blank" colSpan={2} />
          <td colSpan={columns.length - 1}>
            {health.detail !== null && (
              <div class={`tone-${health.tone}`}>
                <Text>{health.detail}</Text>
              </div>
            )}
            {lastError && (
              <div class="soft">
                Last error <RelativeTime at={lastError.at} />: <Text>{lastError.message}</Text>{" "}
                <span class="code">{lastError.code}</span>
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
    <ul class="plain handlers-places">
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
