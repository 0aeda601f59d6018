// How to reach a machine with one's own docker and ssh.
import "./connect.css";
import { useState } from "preact/hooks";
import type { MachineView } from "../../../api/machine-view.ts";
import { getArchive } from "../../client/records.ts";
import { CodeLine } from "../../parts/code-line.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Problem } from "../../parts/problem.tsx";
import { saveFile } from "../../parts/save-file.ts";
import { key } from "../../state/session.ts";
import { dockerLines, fetchLine, sshLine, unpackLine } from "./lines.ts";

const joinedDriver = "joined";

export function Connect({ machine }: { machine: MachineView }) {
  const obstacle = obstacleOf(machine);
  if (obstacle !== null) {
    return (
      <div class="connect">
        <Notice kind="info">{obstacle}</Notice>
        {machine.simulated && machine.hasArchive && <Archive machine={machine} />}
      </div>
    );
  }
  const ssh = sshLine(machine);
  return (
    <div class="connect">
      <Archive machine={machine} />
      <section>
        <h3>2. Use its Docker engine</h3>
        {dockerLines(machine).map(({ title, text }) => (
          <div key={title}>
            <p class="connect-way">{title}</p>
            <CodeLine text={text} label={`Docker: ${title}`} />
          </div>
        ))}
      </section>
      <section>
        <h3>3. Log in by SSH</h3>
        {ssh === null ? (
          <p class="soft">This machine's driver told of no SSH access.</p>
        ) : (
          <>
            {machine.ssh?.keyFile === null && (
              <p class="soft">Its key is not in the archive: use the one that you gave when it was created.</p>
            )}
            <CodeLine text={ssh} label="SSH" />
          </>
        )}
      </section>
    </div>
  );
}

/** Why there are no lines; null: there are. */
function obstacleOf({ state, simulated, driver, url, hasArchive }: MachineView): string | null {
  if (state === "deleted") return "This machine is deleted: there is nothing to connect to.";
  if (simulated)
    return "This machine is simulated: there is no host behind its address, so there is nothing to connect to.";
  if (driver === joinedDriver) {
    return "This host joined by its own agent. The relay has no certificates or keys for it: use those that you have.";
  }
  if (!hasArchive) return "Nothing to connect with yet: the certificates and keys come while the machine is created.";
  return url === null ? "The machine has no address yet." : null;
}

function Archive({ machine }: { machine: MachineView }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function download(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      saveFile(`${machine.name}.tar.gz`, await getArchive(machine.id));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }
  return (
    <section>
      <h3>{machine.simulated ? "Archive" : "1. Get its certificates and keys"}</h3>
      <p class="soft">
        docker-machine's directory for this machine. Whoever has it has the machine: keep it to yourself.
      </p>
      <p>
        <button type="button" disabled={isBusy} onClick={() => void download()}>
          <Icon name="download" /> Download {machine.name}.tar.gz
        </button>
      </p>
      {error !== null && <Problem error={error} />}
      <p class="connect-way">Unpack what was downloaded</p>
      <CodeLine text={unpackLine(machine)} label="Unpack" />
      <p class="connect-way">
        Or fetch and unpack in one{key.value === null ? "" : ", with your API key in the variable KEY"}
      </p>
      <CodeLine text={fetchLine(machine, location.origin, key.value !== null)} label="Fetch and unpack" />
    </section>
  );
}
