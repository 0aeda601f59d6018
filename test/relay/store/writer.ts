// A program that writes to a store for as long as it lives, and says on stdout what was acknowledged. For tests that
// kill it. Started as a program it writes; imported it offers `startWriter`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { openStore } from "../../../relay/store/open.ts";
import { aMachine, anEntry, aProcess } from "./records.ts";

const machinesAtOnce = 5;
export const writerProgram = import.meta.filename;

if (import.meta.main) await writeForEver(process.argv[2] as string, process.argv[3] as string);

/** `round` makes its machines' ids differ from those of earlier rounds. */
async function writeForEver(directory: string, round: string): Promise<void> {
  const store = await openStore({ directory });
  const acknowledge = (line: string) => writeSync(1, `${line}\n`);

  async function writeOneMachine(index: number): Promise<void> {
    const id = `mch_${round}_${index}`;
    const processes = [aProcess(`prc_${round}_${index}`, id)];
    await store.createMachine(aMachine(id), { result: undefined, processes, history: [anEntry("0")] }, null);
    acknowledge(`${id} 0`);
    for (let number = 1; ; number += 1) {
      // Four tables in one decision: after a crash they must agree.
      await store.decide(id, ({ open }) => ({
        result: undefined,
        machine: { agentGeneration: number },
        processes: open.map((process) => ({ ...process, attempt: number })),
        archive: `${number} ${"x".repeat(5_000)}`,
        history: [anEntry(`${number}`)],
      }));
      acknowledge(`${id} ${number}`);
    }
  }
  await Promise.all(Array.from({ length: machinesAtOnce }, (_, index) => writeOneMachine(index)));
}

export interface Writer {
  readonly pid: number;
  /** Resolves after so many acknowledgements. */
  acknowledged(count: number): Promise<void>;
  /** SIGKILL. Resolves when it is dead and all that it said has been read. */
  kill(): Promise<void>;
  /** The newest acknowledged number of each machine. */
  readonly newest: Map<string, number>;
}

export function startWriter(directory: string, round = "0"): Writer {
  const child = spawn(process.execPath, [writerProgram, directory, round], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const ended = Promise.all([once(child, "exit"), once(lines, "close")]);
  const newest = new Map<string, number>();
  let count = 0;
  lines.on("line", (line) => {
    count += 1;
    const [id, number] = line.split(" ") as [string, string];
    newest.set(id, Number(number));
  });
  return {
    pid: child.pid as number,
    newest,
    async acknowledged(wanted) {
      const isDead = ended.then(() => {
        throw new Error(`the writer ended after ${count} acknowledgements`);
      });
      // Handled here too: it rejects long after the wait is over.
      isDead.catch(() => {});
      while (count < wanted) await Promise.race([once(lines, "line"), isDead]);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
