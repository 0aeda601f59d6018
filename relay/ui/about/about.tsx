// Which relay this is, what it is put together from, and where else to look.
import "./about.css";
import type { AboutView } from "../../api/about-view.ts";
import { getAbout } from "../client/about.ts";
import { listDrivers } from "../client/drivers.ts";
import { CodeLine } from "../parts/code-line.tsx";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { Text } from "../parts/text.tsx";
import { type Loaded, useLoaded } from "../parts/use-loaded.ts";
import { useTitle } from "../parts/use-title.ts";
import { Drivers } from "./drivers.tsx";

export function About() {
  useTitle("About");
  const [about, reloadAbout] = useLoaded(() => getAbout(), []);
  const [drivers, reloadDrivers] = useLoaded(listDrivers, []);
  const reload = () => {
    reloadAbout();
    reloadDrivers();
  };
  return (
    <main class="about">
      <h1>About this relay</h1>
      {about.error !== undefined && <Problem error={about.error} />}
      {about.value && <Facts about={about.value} />}
      <section>
        <h2>Drivers</h2>
        {about.value?.programs === null || drivers.error !== undefined ? (
          <Unreachable onRetry={reload} drivers={drivers} />
        ) : (
          drivers.value && <Drivers drivers={drivers.value} />
        )}
      </section>
      {about.value && <Elsewhere requiresKey={about.value.requiresKey} />}
    </main>
  );
}

function Facts({ about }: { about: AboutView }) {
  return (
    <section>
      {about.publicUrlWarning !== null && <Notice kind="warning">{about.publicUrlWarning}</Notice>}
      <dl class="about-facts">
        <dt>Version</dt>
        <dd>{about.version}</dd>
        <dt>Node.js</dt>
        <dd>{about.node}</dd>
        <dt>Installation</dt>
        <dd class="code">{about.installationId}</dd>
        <dt>Address for agents</dt>
        <dd>
          <Text>{about.publicUrl}</Text>
        </dd>
        {about.agentListen !== null && (
          <>
            <dt>Listener for agents</dt>
            <dd>{about.agentListen}</dd>
          </>
        )}
        <dt>Keys</dt>
        <dd>
          {about.requiresKey
            ? "A key is wanted (API_KEYS)."
            : "None is wanted: whoever reaches this machine's loopback may do everything."}
        </dd>
      </dl>
    </section>
  );
}

function Unreachable({ onRetry, drivers }: { onRetry(): void; drivers: Loaded<unknown> }) {
  return (
    <>
      <Notice kind="warning">
        The functions cannot be reached, so nobody knows which drivers there are.{" "}
        <a href="/handlers">The handlers say why.</a>
      </Notice>
      {drivers.state === "failed" && <Problem error={drivers.error} />}
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </>
  );
}

function Elsewhere({ requiresKey }: { requiresKey: boolean }) {
  return (
    <section>
      <h2>The API</h2>
      <ul class="about-links">
        <li>
          <a href="/docs">The API, to read</a>
        </li>
        <li>
          <a href="/openapi.json">Its OpenAPI document</a>
        </li>
        {!requiresKey && (
          <li>
            <a href="/metrics">Metrics for Prometheus</a>
          </li>
        )}
      </ul>
      {requiresKey && (
        <>
          {/* A link sends no key. */}
          <h3>Metrics for Prometheus</h3>
          <CodeLine
            text={`curl -s -H "authorization: Bearer $KEY" ${location.origin}/metrics`}
            label="Line that asks for the metrics"
          />
        </>
      )}
    </section>
  );
}
