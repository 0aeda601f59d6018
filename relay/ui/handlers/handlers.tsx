export function Handlers() {
  return (
    <main>
      <h1>Handlers</h1>
    </main>
  );
}
