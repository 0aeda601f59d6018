export function Machine() {
  return (
    <main>
      <h1>Machine</h1>
    </main>
  );
}
