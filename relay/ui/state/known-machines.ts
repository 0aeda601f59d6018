// The machines that this tab knows, each as it was last heard of. Pure, but for what it keeps.
import type { MachineView } from "../../api/machine-view.ts";

/** Of the deleted ones: a tab may be open for weeks while thousands go every day. */
export const deletedMax = 1_000;

export class KnownMachines {
  readonly #byId = new Map<string, MachineView>();
  /** Ids of the deleted ones; those that nobody has looked at for longest stand first, and go first. */
  readonly #deleted = new Set<string>();

  /** Of two views of one machine the newer stays: an answer may arrive after the event that overtook it. */
  put(machine: MachineView): void {
    const known = this.#byId.get(machine.id);
    if (known && known.updatedAt > machine.updatedAt) return;
    this.#byId.set(machine.id, machine);
    if (machine.state !== "deleted") return;
    this.#deleted.add(machine.id);
    if (this.#deleted.size > deletedMax) this.drop(this.#deleted.values().next().value as string);
  }

  /** Whoever is looked at is not forgotten. */
  get(id: string): MachineView | undefined {
    if (this.#deleted.delete(id)) this.#deleted.add(id);
    return this.#byId.get(id);
  }

  all(): MachineView[] {
    return [...this.#byId.values()];
  }

  drop(id: string): void {
    this.#byId.delete(id);
    this.#deleted.delete(id);
  }

  clear(): void {
    this.#byId.clear();
    this.#deleted.clear();
  }
}
