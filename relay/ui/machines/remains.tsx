// What a forced deletion may leave behind, and where to look: before it, and once more after it.
import type { MachineView } from "../../api/machine-view.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { Text } from "../parts/text.tsx";
import { describeRemains, whereToLook } from "./delete-words.ts";

export function Remains({ machines }: { machines: readonly MachineView[] }) {
  return (
    <>
      <p>
        {machines.length === 1 ? "It is" : "They are"} forgotten at once, whatever is left. The provider is not asked,
        and nobody here will try again.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="delete-remains" tabIndex={0} aria-label="What may be left">
        {machines.map((machine) => (
          <div key={machine.id}>
            {machines.length > 1 && (
              <h3>
                <Text>{machine.name}</Text> {machine.simulated && <SimulatedMark />}
              </h3>
            )}
            <p>{describeRemains(machine)}</p>
            <Places machine={machine} />
          </div>
        ))}
      </section>
    </>
  );
}

/** With what one finds it at the provider; nothing where there is no provider. */
export function Places({ machine }: { machine: MachineView }) {
  const places = whereToLook(machine);
  if (places.length === 0) return null;
  return (
    <dl class="facts delete-places">
      {places.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="code">
            <Text>{value}</Text>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Forgotten({ machines, onClose }: { machines: readonly MachineView[]; onClose(): void }) {
  const words = machines.map((machine) => `${machine.name}: ${machine.error?.message ?? "forgotten"}`);
  return (
    <Dialog title={machines.length === 1 ? "Forgotten" : `${machines.length} forgotten`} onClose={onClose} isFirm>
      <div class="delete-remains">
        {words.map((text) => (
          <p key={text}>
            <Text>{text}</Text>
          </p>
        ))}
      </div>
      <div class="actions">
        <button type="button" class="main" onClick={onClose}>
          Close
        </button>
        <CopyButton text={words.join("\n")} />
      </div>
    </Dialog>
  );
}
