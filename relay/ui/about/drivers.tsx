// Which drivers there are, by the program that serves them, and how to get the others.
import type { Driver } from "../../../functions/contract.ts";
import { SimulatedMark } from "../parts/simulated-mark.tsx";
import { Text } from "../parts/text.tsx";
import { groupUnavailable, readDrivers } from "./programs.ts";

export function Drivers({ drivers }: { drivers: readonly Driver[] }) {
  const { programs, unavailable } = readDrivers(drivers);
  return (
    <>
      {programs.map(({ program, drivers: served }) => (
        <div key={program.path} class="about-program">
          <h3>
            <Text>{program.name}</Text> <Text>{program.version}</Text>
          </h3>
          <p class="code soft">
            <Text>{program.path}</Text>
          </p>
          <ul class="about-drivers">
            {served.map(({ name, isSimulated }) => (
              <li key={name}>
                <Text>{name}</Text> {isSimulated && <SimulatedMark />}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {unavailable.length > 0 && (
        <div class="about-program">
          <h3>Not available here</h3>
          <dl class="about-missing">
            {groupUnavailable(unavailable).map(({ names, why }) => (
              <div key={why}>
                <dt>
                  <Text>{names.join(", ")}</Text>
                </dt>
                <dd>
                  <Text>{why}</Text>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}
