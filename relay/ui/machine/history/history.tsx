// What happened to a machine: each firing, attempt, reply and state. Newest first, because whoever looks wants to know
// what it does now, and news then comes where the eye already is.
import "./history.css";
import { useMemo, useState } from "preact/hooks";
import type { HistoryEntryView } from "../../../api/machine-records-view.ts";
import type { MachineView } from "../../../api/machine-view.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Problem } from "../../parts/problem.tsx";
import { exactTime } from "../../parts/relative-time.tsx";
import { Text } from "../../parts/text.tsx";
import { plainText } from "../log/read-line.ts";
import { useProcessNames } from "../process-names.ts";
import { type Chapter, chaptersOf, cutChapters, groupNames, isGap, type KindGroup, kindOf } from "./entries.ts";
import { useHistory } from "./use-history.ts";

/** Shown at first, and more each time that somebody asks for older ones. */
const itemsStep = 200;
const moment = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** A shape and a colour for each kind, by its word. */
const looks: Readonly<Record<string, [icon: IconName, tone: string]>> = {
  state: ["state", "plain"],
  fired: ["send", "busy"],
  run: ["play", "plain"],
  checkpoint: ["save", "plain"],
  reply: ["active", "good"],
  error: ["error", "bad"],
  unanswered: ["error", "bad"],
  waiting: ["waiting", "ending"],
  skipped: ["deleted", "gone"],
  cancel: ["close", "ending"],
  delete: ["deleting", "ending"],
  forgotten: ["deleted", "bad"],
  retry: ["working", "plain"],
  change: ["edit", "plain"],
  resolve: ["check", "plain"],
  agent: ["agent", "plain"],
};
const otherLook = ["info", "plain"] as const;

export function MachineHistory({ machine }: { machine: MachineView }) {
  const { entries, isLoading, error, reload } = useHistory(machine);
  const [group, setGroup] = useState<KindGroup | "">("");
  const [itemsMax, setItemsMax] = useState(itemsStep);
  const newestProcess = useMemo(() => entries.findLast(({ processId }) => processId !== null)?.processId, [entries]);
  const names = useProcessNames(machine.id, newestProcess ?? null);
  const chapters = useMemo(
    () => chaptersOf(entries, (entry) => group === "" || kindOf(entry).group === group),
    [entries, group],
  );
  const shown = useMemo(() => cutChapters(chapters, itemsMax), [chapters, itemsMax]);
  const count = chapters.reduce((sum, { items }) => sum + items.length, 0);

  return (
    <div class="history">
      <div class="history-tools">
        <label>
          Show{" "}
          <select value={group} onChange={({ currentTarget }) => setGroup(currentTarget.value as KindGroup | "")}>
            <option value="">everything</option>
            {groupNames.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <span class="soft">
          {count} {count === 1 ? "entry" : "entries"}, newest first
        </span>
      </div>
      {error !== null && (
        <>
          <Problem error={error} />
          <button type="button" class="history-again" onClick={reload}>
            Load the history again
          </button>
        </>
      )}
      {shown.map((chapter) => (
        <ChapterTable
          key={chapterKey(chapter)}
          chapter={chapter}
          name={chapter.processId === null ? null : (names.get(chapter.processId) ?? "process")}
        />
      ))}
      {count === 0 && error === null && (
        <p class="soft">{isLoading ? "Loading…" : "Nothing of this kind has happened."}</p>
      )}
      {count > itemsMax && (
        <button type="button" onClick={() => setItemsMax(itemsMax + itemsStep)}>
          Show older entries ({count - itemsMax} more)
        </button>
      )}
    </div>
  );
}

/** Its oldest entry: new ones come at the other end. */
function chapterKey({ items, processId }: Chapter): string {
  const oldest = items.at(-1);
  return `${processId} ${oldest && (isGap(oldest) ? oldest.before : oldest.id)}`;
}

function ChapterTable({ chapter: { processId, items }, name }: { chapter: Chapter; name: string | null }) {
  return (
    <table class="history-chapter">
      <caption>
        {name === null ? (
          "Without a process"
        ) : (
          <>
            <strong>{name}</strong> <span class="code soft">{processId}</span>
          </>
        )}
      </caption>
      <colgroup>
        <col class="history-time" />
        <col class="history-kind" />
        <col />
        <col class="history-attempt" />
      </colgroup>
      <thead class="unseen">
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Kind</th>
          <th scope="col">What happened</th>
          <th scope="col">Attempt and run</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) =>
          isGap(item) ? (
            <tr key={`gap ${item.before}`} class="history-gap">
              <td colSpan={4}>
                {item.gap} {item.gap === 1 ? "entry is" : "entries are"} not kept: of a long history the middle is
                dropped
              </td>
            </tr>
          ) : (
            <Entry key={item.id} entry={item} />
          ),
        )}
      </tbody>
    </table>
  );
}

function Entry({ entry }: { entry: HistoryEntryView }) {
  const { word } = kindOf(entry);
  const [icon, tone] = (Object.hasOwn(looks, word) && looks[word]) || otherLook;
  return (
    <tr>
      <td class="history-time">
        <time dateTime={new Date(entry.at).toISOString()} title={exactTime(entry.at)}>
          {moment.format(entry.at)}
        </time>
      </td>
      <td class={`history-kind tone-${tone}`}>
        <Icon name={icon} /> {word}
      </td>
      <td class="history-message">
        <Text>{plainText(entry.message)}</Text>
      </td>
      <td class="history-attempt soft" {...(entry.eventId === null ? {} : { title: `Event ${entry.eventId}` })}>
        {[entry.attempt !== null && `attempt ${entry.attempt}`, entry.run !== null && `run ${entry.run}`]
          .filter(Boolean)
          .join(" · ")}
      </td>
    </tr>
  );
}
