// moto as a process of its own, which ends when we do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { execa } from "execa";

const file = (name: string) => new URL(name, import.meta.url).pathname;

export interface Moto extends AsyncDisposable {
  url: string;
}

/** @throws Error when there is no Python, no package, or it does not start: its words are on standard error */
export async function startMoto(): Promise<Moto> {
  const { stdout: python } = await execa(file("moto-environment.sh"), { stderr: "inherit" });
  const child = spawn(python, [file("moto_server.py")], {
    env: {
      ...process.env,
      // Images as fresh as those that a live cloud would show; moto's own are of 2017.
      MOTO_AMIS_PATH: file("images.json"),
      MOTO_ENABLE_AMI_VALIDATION: "true",
      MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: "true",
      MOTO_ENABLE_KEYPAIR_VALIDATION: "true",
    },
    // A group of its own: a Ctrl-C ends it by the end of its standard input, when the cloud is told to end.
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const port = await Promise.race([firstLine(child.stdout), exited.then(() => null)]);
  if (port === null) throw new Error("moto did not start, see above");
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of createInterface({ input: stream })) return line;
  return null;
}
