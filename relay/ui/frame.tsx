// What stands around every view: where one can go, whether the relay is heard, the keys, what changed meanwhile.
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { Dialog } from "./parts/dialog.tsx";
import { formatDuration } from "./parts/duration.ts";
import { Icon } from "./parts/icon.tsx";
import { announcement } from "./state/announcements.ts";
import { now } from "./state/clock.ts";
import { isHelpOpen } from "./state/keyboard.ts";
import { connection, retryConnection } from "./state/machines.ts";
import { key, logOut } from "./state/session.ts";
import { switchTheme, theme } from "./state/theme.ts";

const places = [
  ["/", "Machines"],
  ["/handlers", "Handlers"],
  ["/events", "Events"],
  ["/join", "Join", "a host"],
  ["/about", "About"],
] as const satisfies (readonly [path: string, name: string, more?: string])[];

export function Frame({ children }: { children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#content">
        To the content
      </a>
      <Top />
      <Connection />
      <div id="content" tabIndex={-1}>
        {children}
      </div>
      <div class="unseen" role="status" aria-live="polite">
        {announcement}
      </div>
      {isHelpOpen.value && <Help />}
    </>
  );
}

function Top() {
  const { path } = useLocation();
  return (
    <header class="top">
      <a class="brand" href="/">
        machine-relay
      </a>
      <nav aria-label="Views">
        {places.map(([place, name, more]) => (
          <a key={place} href={place} {...(isAt(path, place) ? { "aria-current": "page" as const } : {})}>
            {name}
            {more && <span class="wide-only"> {more}</span>}
          </a>
        ))}
        <a href="/docs">API</a>
      </nav>
      <div class="top-tools">
        <button type="button" class="quiet" onClick={switchTheme} title={`Theme: ${theme.value}`}>
          <Icon name="theme" /> <span class="wide-only">{theme.value}</span>
          <span class="unseen">theme</span>
        </button>
        <button
          type="button"
          class="quiet"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => {
            isHelpOpen.value = true;
          }}
        >
          ?
        </button>
        {key.value !== null && (
          <button type="button" class="quiet" onClick={logOut}>
            Log out
          </button>
        )}
      </div>
    </header>
  );
}

function isAt(path: string, place: string): boolean {
  if (place === "/") return path === "/" || path.startsWith("/machines/") || path === "/create";
  return path === place;
}

function Connection() {
  const { value } = connection;
  if (value.state !== "lost") return null;
  const waitMs = value.retryAt - now.value;
  return (
    <div class="banner" role="status">
      <Icon name="waiting" /> The relay does not answer. What is shown may be old.{" "}
      {waitMs > 1000 ? `Next try in ${formatDuration(waitMs)}.` : "Trying…"}{" "}
      <button type="button" class="link" onClick={retryConnection}>
        Try now
      </button>
    </div>
  );
}

const keys = [
  ["n", "new machine"],
  ["/", "search"],
  ["?", "this help"],
  ["Esc", "close, or empty the search"],
] as const;

function Help() {
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <dl class="keys">
        {keys.map(([name, meaning]) => (
          <div key={name}>
            <dt>
              <kbd>{name}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
