// Which driver: those that can be used, to choose from; and of the others why they cannot be, and how to get them.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Driver } from "../../../functions/contract.ts";
import { Notice } from "../parts/notice.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { Text } from "../parts/text.tsx";
import { filterDrivers, groupUnavailable } from "./driver-list.ts";

export interface DriverChoiceProps {
  drivers: readonly Driver[];
  /** Whether these are all: false while nobody could be asked. */
  areKnown: boolean;
  chosen: string | null;
  error: string | undefined;
  onChoose(name: string): void;
}

export function DriverChoice({ drivers, areKnown, chosen, error, onChoose }: DriverChoiceProps) {
  const [isChanging, setChanging] = useState(false);
  const changeButton = useRef<HTMLButtonElement>(null);
  const hasJustChosen = useRef(false);
  const isOpen = chosen === null || isChanging;
  useEffect(() => {
    // The button that had the focus is gone with its list.
    if (!isOpen && hasJustChosen.current) changeButton.current?.focus();
    hasJustChosen.current = false;
  }, [isOpen]);

  return (
    <fieldset class="create-driver">
      <legend>Driver</legend>
      {isOpen ? (
        <DriverList
          drivers={drivers}
          chosen={chosen}
          onChoose={(name) => {
            hasJustChosen.current = true;
            setChanging(false);
            onChoose(name);
          }}
        />
      ) : (
        <Chosen name={chosen} driver={drivers.find(({ name }) => name === chosen)} areKnown={areKnown}>
          <button type="button" ref={changeButton} disabled={!areKnown} onClick={() => setChanging(true)}>
            Change driver
          </button>
        </Chosen>
      )}
      {error && (
        <div class="field-error" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  );
}

interface ChosenProps {
  name: string;
  /** Undefined: there is no such driver. */
  driver: Driver | undefined;
  areKnown: boolean;
  children: ComponentChildren;
}

function Chosen({ name, driver, areKnown, children }: ChosenProps) {
  const unknown = areKnown ? "The functions know no driver of this name." : null;
  const reason = driver ? driver.unavailable : unknown;
  return (
    <>
      <div class="create-chosen">
        <strong>
          <Text>{name}</Text>
        </strong>
        {driver?.isSimulated && <SimulatedMark />}
        {driver && <Program driver={driver} />}
        {children}
      </div>
      {reason !== null && (
        <Notice kind="warning">
          Not available: <Text>{reason}</Text>
        </Notice>
      )}
    </>
  );
}

function DriverList({ drivers, chosen, onChoose }: Omit<DriverChoiceProps, "error" | "areKnown">) {
  const [search, setSearch] = useState("");
  const found = filterDrivers(drivers, search);
  const available = found.filter(({ unavailable }) => unavailable === null);
  return (
    <>
      <SearchField value={search} label="Search the drivers" placeholder="Search the drivers" onInput={setSearch} />
      <ul class="create-drivers">
        {available.map((driver) => (
          <li key={driver.name}>
            <button type="button" aria-pressed={driver.name === chosen} onClick={() => onChoose(driver.name)}>
              <strong>
                <Text>{driver.name}</Text>
              </strong>
              {driver.isSimulated && <SimulatedMark />}
              <Program driver={driver} />
            </button>
          </li>
        ))}
      </ul>
      {groupUnavailable(found).map(({ reason, names }) => (
        <div class="create-unavailable" key={reason}>
          <p>
            Not available here: <Text>{names.join(", ")}</Text>
          </p>
          <p>
            <Text>{reason}</Text>
          </p>
        </div>
      ))}
      {found.length === 0 && <p class="soft">No driver has this name.</p>}
    </>
  );
}

function Program({ driver: { program } }: { driver: Driver }) {
  if (program === null) return null;
  return (
    <span class="soft create-program" title={program.path}>
      <Text>{`${program.name} ${program.version}`}</Text>
    </span>
  );
}
