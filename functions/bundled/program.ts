// How both programs end: with words on stderr and an exit code, never with a stack trace.

/** Ends the program: the message goes to stderr, the text before it to stdout. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: number;
  readonly output: string;

  constructor(message: string, exitCode = 1, output = "") {
    super(message);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** Runs a program's work. No signal is handled: SIGTERM ends it at once, as it ends docker-machine. */
export async function runProgram(work: (commandLine: readonly string[]) => Promise<void> | void): Promise<void> {
  // Whoever read our lines is gone: nobody is left to tell.
  process.stdout.on("error", () => process.exit(1));
  process.stderr.on("error", () => process.exit(1));
  try {
    await work(process.argv.slice(2));
  } catch (error) {
    if (error instanceof Failure) {
      process.stdout.write(error.output);
      if (error.message !== "") print("stderr", error.message);
      process.exitCode = error.exitCode;
    } else {
      print("stderr", error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}

export function print(stream: "stdout" | "stderr", line: string): void {
  process[stream].write(`${line}\n`);
}
