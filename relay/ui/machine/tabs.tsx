// The parts of what is known of a machine, one at a time: named in the address, so that a part can be sent to somebody.
import { useId, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { MachineView } from "../../api/machine-view.ts";
import { Agent } from "./agent/agent.tsx";
import { Connect } from "./connect/connect.tsx";
import { Details } from "./details/details.tsx";
import { MachineHistory } from "./history/history.tsx";
import { MachineLog } from "./log/log.tsx";
import { defaultTab, isTab, type TabName, tabAfter, tabNames } from "./tabs.ts";

const views = {
  log: { title: "Log", Part: MachineLog },
  history: { title: "History", Part: MachineHistory },
  connect: { title: "Connect", Part: Connect },
  agent: { title: "Agent", Part: Agent },
  details: { title: "Details", Part: Details },
} as const satisfies Record<TabName, unknown>;

export function Tabs({ machine }: { machine: MachineView }) {
  const { path, query, route } = useLocation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  // What somebody reads is not taken away because the machine's state has changed.
  const [held, setHeld] = useState<TabName | null>(null);
  const { tab } = query;
  const current = isTab(tab) ? tab : (held ?? defaultTab(machine));
  const hold = () => setHeld(current);
  const { Part } = views[current];

  function show(name: TabName): void {
    route(`${path}?tab=${name}`, true);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const next = tabAfter(current, event.key);
    if (!next) return;
    event.preventDefault();
    show(next);
    list.current?.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  }

  return (
    <section class="panel machine-tabs" aria-label="What is known of it">
      <div role="tablist" aria-label="Parts" class="machine-tab-list" ref={list} onKeyDown={onKeyDown}>
        {tabNames.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            data-tab={name}
            aria-selected={name === current}
            aria-controls={`${id}-panel`}
            tabIndex={name === current ? 0 : -1}
            onClick={() => show(name)}
          >
            {views[name].title}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${current}`}
        class="machine-tab-panel"
        onPointerDown={hold}
        onKeyDown={hold}
        onWheel={hold}
      >
        <Part key={current} machine={machine} />
      </div>
    </section>
  );
}
