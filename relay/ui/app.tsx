// The page: asks whether a key is wanted, then shows the view that the address names.

import { useEffect } from "preact/hooks";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { About } from "./about/about.tsx";
import { getAbout } from "./client/about.ts";
import { Create } from "./create/create.tsx";
import { Events } from "./events/events.tsx";
import { Frame } from "./frame.tsx";
import { Handlers } from "./handlers/handlers.tsx";
import { Join } from "./join/join.tsx";
import { Login } from "./login/login.tsx";
import { Machine } from "./machine/machine.tsx";
import { Machines } from "./machines/machines.tsx";
import { NotFound } from "./not-found.tsx";
import { Problem } from "./parts/problem.tsx";
import { useLoaded } from "./parts/use-loaded.ts";
import { listenToKeys } from "./state/keyboard.ts";
import { startMachines, stopMachines } from "./state/machines.ts";
import { refusal } from "./state/session.ts";

export function App() {
  return (
    <LocationProvider scope={/^\/(?!v1\/|docs|openapi\.json)/}>
      {/* Whoever logs out leaves nothing behind. */}
      {refusal.value === "left" ? <Login /> : <Entrance />}
    </LocationProvider>
  );
}

/** Nothing of the page's data is asked for before it is known that this tab may have it. */
function Entrance() {
  const [about, reload] = useLoaded(() => getAbout(), []);
  const why = refusal.value;
  if (about.value !== undefined) {
    // A key that is refused later hides the views and leaves them as they are: what was typed there is still wanted.
    return (
      <>
        <Views />
        {why !== null && <Login isOverViews />}
      </>
    );
  }
  if (why !== null) return <Login />;
  if (about.state !== "failed") return null;
  return (
    <main class="entrance">
      <h1>machine-relay</h1>
      <Problem error={about.error} />
      <button type="button" onClick={reload}>
        Try again
      </button>
    </main>
  );
}

function Views() {
  const { route } = useLocation();
  useEffect(() => listenToKeys(route), [route]);
  useEffect(() => {
    startMachines();
    return stopMachines;
  }, []);
  return (
    <Frame>
      <Router>
        <Route path="/" component={Machines} />
        <Route path="/create" component={Create} />
        <Route path="/machines/:id" component={Machine} />
        <Route path="/handlers" component={Handlers} />
        <Route path="/events" component={Events} />
        <Route path="/join" component={Join} />
        <Route path="/about" component={About} />
        <Route default component={NotFound} />
      </Router>
    </Frame>
  );
}
