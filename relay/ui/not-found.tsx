// An address that names no view.
export function NotFound() {
  return (
    <main>
      <h1>There is no such page</h1>
      <p>
        <a href="/">Machines</a>
      </p>
    </main>
  );
}
