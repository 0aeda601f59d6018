// An event and who is asked for it, in order: machine.create: create → dns.
import { Text } from "../parts/text.tsx";
import type { Chain } from "./chains.ts";

export function ChainPicture({ chain, onAdd }: { chain: Chain; onAdd(name: string): void }) {
  return (
    <div class="row handlers-chain">
      <h2>
        <Text>{chain.event}</Text>
      </h2>
      <ol class="row plain">
        {chain.links.map(({ name, isMissing }) => (
          <li key={name} class={isMissing ? "handlers-link handlers-missing" : "handlers-link"}>
            <Text>{name}</Text>
            {isMissing && " is missing: machines wait here"}
            {isMissing && (
              <button type="button" class="link" onClick={() => onAdd(name)}>
                Add it
              </button>
            )}
          </li>
        ))}
      </ol>
      {chain.when !== "" && <span class="soft">{chain.when}</span>}
    </div>
  );
}
