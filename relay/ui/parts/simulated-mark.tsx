// Says that there is no such host: wherever a simulated machine is named, this stands beside it.
export function SimulatedMark() {
  return (
    <span class="mark" title="A simulated machine: there is no such host, and nothing is billed">
      not real
    </span>
  );
}
