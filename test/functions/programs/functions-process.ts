// Functions in a process of their own, whose work is to run a program with a child and a grandchild, all of which sleep.
// Configured by the environment like the real ones; tells its address to whoever started it.
import closeWithGrace from "close-with-grace";
import { readConfig } from "../../../functions/config.ts";
import { createLog } from "../../../functions/log.ts";
import { buildFunctions } from "../../../functions/serve.ts";
import type { WorkFunction } from "../../../functions/work.ts";

const family = "sh -c 'sleep 1000 & sleep 1000' & echo group $$; wait";

const work: WorkFunction = {
  check: async () => undefined,
  async work(context) {
    await context.run(["sh", "-c", family], { onLine: (stream, line) => context.log(stream, line) });
    return { transitioning: "no", message: "woke up", machine: {} };
  },
};

const config = readConfig(process.env);
const app = buildFunctions({
  config,
  functions: { create: work },
  drivers: {
    list: async () => [],
    find: async () => null,
    previewCommand: () => Promise.reject(new Error("not here")),
  },
  log: createLog("silent"),
});
closeWithGrace({ delay: 30_000, logger: false }, async () => {
  await app.close();
});
process.send?.({ ready: await app.listen({ host: config.host, port: 0 }) });
