export function Machines() {
  return (
    <main>
      <h1>Machines</h1>
    </main>
  );
}
