export function Join() {
  return (
    <main>
      <h1>Join</h1>
    </main>
  );
}
