// An address that names no view.
import { useTitle } from "./parts/use-title.ts";

export function NotFound() {
  useTitle("Not found");
  return (
    <main>
      <h1>There is no such page</h1>
      <p>
        <a href="/">Machines</a>
      </p>
    </main>
  );
}
