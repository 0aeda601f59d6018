import { expect, test } from "vitest";
import { readConfig } from "../../relay/config.ts";
import type { Answers } from "../../relay/event-bus/answers.ts";
import { createBus } from "../../relay/event-bus/bus.ts";
import { redactEvent } from "../../relay/event-bus/redact.ts";
import { connectFunctions } from "../../relay/functions-access.ts";
import { createLog } from "../../relay/log.ts";
import { openTemporaryStore } from "./store/temporary-store.ts";

test("a driver whose name is a way up is unknown, and not a reason to think that the functions are gone", async () => {
  await using temporary = await openTemporaryStore();
  const functions = connectFunctions({
    config: readConfig({}),
    store: temporary.store,
    bus: createBus({ startId: "one", redact: redactEvent }),
    answers: {} as Answers,
    log: createLog("silent"),
  });
  for (const name of [".", ".."]) {
    await expect(functions.describeDriver(name)).rejects.toMatchObject({ code: "driver.unknown", field: "name" });
  }
  await expect(functions.describeDriver("generic")).rejects.toMatchObject({ code: "functions.unreachable" });
  await functions.stop();
});
