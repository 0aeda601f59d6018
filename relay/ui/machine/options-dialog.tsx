// Changes the driver's options of a machine that failed, and tries again with them.
import { useState } from "preact/hooks";
import type { MachineView } from "../../api/machine-view.ts";
import { ApiError } from "../client/ask.ts";
import { getDriver } from "../client/drivers.ts";
import { fireProcess, patchMachine, retryMachine } from "../client/machines.ts";
import { OptionsForm } from "../create/options-form.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { useLoaded } from "../parts/use-loaded.ts";
import { useRequest } from "../parts/use-request.ts";
import { putMachine } from "../state/machines.ts";
import { changeOf, errorsByOption, splitMasked } from "./options-change.ts";

export interface OptionsDialogProps {
  machine: MachineView;
  onClose(): void;
}

export function OptionsDialog({ machine, onClose }: OptionsDialogProps) {
  const [driver, reload] = useLoaded(() => getDriver(machine.driver), [machine.driver]);
  // As they were when the dialog opened: what changes meanwhile must not overwrite what somebody types.
  const [known, setKnown] = useState(machine);
  const [values, setValues] = useState(() => splitMasked(machine.driverConfig).values);
  const request = useRequest();
  const { keptSecrets } = splitMasked(known.driverConfig);
  const errors = request.error instanceof ApiError ? errorsByOption(request.error) : {};
  const isDeleting = machine.state === "deleting";

  async function saveAndGoOn(event: Event): Promise<void> {
    event.preventDefault();
    const isDone = await request.send(async () => {
      const change = changeOf(known.driverConfig, values);
      const patched = Object.keys(change).length > 0 ? await patchMachine(machine.id, { driverConfig: change }) : null;
      if (patched) {
        putMachine(patched);
        setKnown(patched);
      }
      if (!isDeleting) putMachine(await retryMachine(machine.id));
      else if (needsFiring(machine, patched)) await fireProcess(machine.process?.id ?? "");
    });
    if (isDone) onClose();
  }

  return (
    <Dialog title={`Options of ${machine.name}`} onClose={onClose}>
      <form onSubmit={(event) => void saveAndGoOn(event)}>
        <p class="soft">
          Only what you change is sent. Where a machine is made (region, zone, account) can be changed only while
          nothing of it can be at the provider.
        </p>
        {driver.value ? (
          <OptionsForm
            driver={driver.value}
            values={values}
            onChange={setValues}
            errors={errors}
            keptSecrets={keptSecrets}
          />
        ) : driver.state === "failed" ? (
          <>
            <Problem error={driver.error} />
            <button type="button" onClick={reload}>
              Try again
            </button>
          </>
        ) : (
          <p class="soft">Loading the options…</p>
        )}
        {request.error !== undefined && Object.keys(errors).length === 0 && <Problem error={request.error} />}
        <div class="actions actions-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="main" disabled={request.isBusy || !driver.value}>
            {isDeleting ? "Save and try now" : "Save and retry"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A change fires by itself where nothing lives: then another firing would only be one more attempt. */
function needsFiring(before: MachineView, patched: MachineView | null): boolean {
  return before.process !== null && (patched?.process?.attempt ?? 0) <= before.process.attempt;
}
