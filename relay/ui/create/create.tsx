export function Create() {
  return (
    <main>
      <h1>Create</h1>
    </main>
  );
}
