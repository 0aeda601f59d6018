import { expect, test } from "vitest";
import { startRelay } from "./running-relay.ts";

test("an error says what it means, what to do, and what is left, wherever it is shown", async () => {
  await using relay = await startRelay();
  const payload = { name: "web-1", driver: "simulated" };
  const { body: machine } = await relay.inject({ method: "POST", url: "/v1/machines", payload });
  const error = { code: "driver.failed", message: "Quota exceeded (what was made has been removed)" };
  await relay.store.decide(machine.id, ({ open }) => ({
    result: undefined,
    machine: { state: "error", error },
    processes: open.map((process) => ({ ...process, error })),
  }));
  const shown = {
    ...error,
    meaning: { means: expect.stringContaining("limit"), todo: expect.any(String), retry: "changed" },
    remains: "nothing",
  };
  const { body } = await relay.inject({ url: `/v1/machines/${machine.id}` });
  expect(body).toMatchObject({ error: shown, process: { error: shown } });
  expect((await relay.inject({ url: `/v1/processes/${body.process.id}` })).body.error).toEqual(shown);
});

test("of words that nobody knows it says no more than they do", async () => {
  await using relay = await startRelay();
  const { body } = await relay.inject({
    method: "POST",
    url: "/v1/machines",
    payload: { name: "w", driver: "simulated" },
  });
  const error = { code: "of.another", message: "zzz" };
  await relay.store.decide(body.id, () => ({ result: undefined, machine: { state: "error", error } }));
  const { body: shown } = await relay.inject({ url: `/v1/machines/${body.id}` });
  expect(shown.error).toEqual({ ...error, meaning: null, remains: null });
});
