// npm run get-docker-machine: fetches docker-machine into functions/.bin, where the functions look for it last.
import { fileURLToPath } from "node:url";
import { askProgram } from "../programs/ask-program.ts";
import { download, sumOf } from "./download.ts";
import { createProgress } from "./progress.ts";
import { chooseRelease, Refusal } from "./releases.ts";

const path = process.env.MACHINE_PATH || fileURLToPath(new URL("../.bin/docker-machine", import.meta.url));

try {
  const release = chooseRelease(process.env, `${process.platform} ${process.arch}`);
  if (release === null) console.log("MACHINE_URL is empty: nothing is fetched.");
  else if ((await sumOf(path)) === release.sha256) console.log(`${path} is there already, with the right sum.`);
  else {
    console.log(`Fetching ${release.url}`);
    const progress = createProgress(process.stdout);
    await download(release, path, { onProgress: progress.show }).finally(progress.end);
    const { exitCode, stdout, stderr, failure } = await askProgram([path, "--version"], { environment: {} });
    if (exitCode !== 0) throw new Refusal(`${path} has the right sum and does not run: ${failure ?? stderr.trim()}`);
    console.log(`${path}: ${stdout.trim()}`);
  }
} catch (error) {
  // What the system refuses is no defect of ours, whose stack anybody would need.
  const isTold = error instanceof Refusal || (error as NodeJS.ErrnoException).syscall !== undefined;
  console.error(isTold ? (error as Error).message : error);
  process.exit(1);
}
