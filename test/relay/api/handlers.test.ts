// /v1/handlers: what is shown of a handler, and what may be secret in its URL.
import { expect, test } from "vitest";
import { type RunningRelay, startRelay } from "./running-relay.ts";
import { listen, subscribe } from "./streams.ts";

const secretUrl = "http://127.0.0.1:1/dns?zone=a&token=s3cret";
const shownUrl = "http://127.0.0.1:1/dns?zone=********&token=********";
const dns = { event: "machine.create", order: 200 };

const put = (relay: RunningRelay, payload: object) => relay.inject({ method: "PUT", url: "/v1/handlers/dns", payload });
const check = (relay: RunningRelay, payload?: object, name = "dns") =>
  relay.inject({ method: "POST", url: `/v1/handlers/${name}/check`, ...(payload ? { payload } : {}) });
const storedUrl = async ({ store }: RunningRelay) =>
  (await store.listHandlers()).find(({ name }) => name === "dns")?.url;

test("values in a URL's query are used, and shown to nobody", async () => {
  await using relay = await startRelay();
  const made = await put(relay, { ...dns, url: secretUrl });
  expect(made.body.url).toBe(shownUrl);
  expect(await storedUrl(relay)).toBe(secretUrl);
  const { text } = await relay.inject({ url: "/v1/handlers" });
  expect(text).toContain(shownUrl);
  expect(text).not.toContain("s3cret");
  expect(relay.logged()).not.toContain("s3cret");
});

test("a URL that is given back as it was shown stays as it was, and half a mask is refused", async () => {
  await using relay = await startRelay();
  await put(relay, { ...dns, url: secretUrl });
  const back = await put(relay, { order: 300, url: shownUrl });
  expect([back.status, back.body.order, await storedUrl(relay)]).toEqual([200, 300, secretUrl]);
  const elsewhere = { url: shownUrl.replace("127.0.0.1:1", "elsewhere.example") };
  for (const refused of [await put(relay, elsewhere), await check(relay, elsewhere)]) {
    expect(refused.body).toMatchObject({ status: 422, code: "handler.invalid", field: "url" });
  }
  expect(await storedUrl(relay)).toBe(secretUrl);
});

test("a URL is checked before it is used, also for a handler that is not there yet", async () => {
  await using relay = await startRelay();
  const url = "http://127.0.0.1:2/new";
  expect((await check(relay, { url })).body).toMatchObject({ url, isReachable: false });
  await put(relay, { ...dns, url: secretUrl });
  expect((await check(relay, { url })).body.url).toBe(url);
  // The functions get what is stored.
  for (const payload of [undefined, {}, { url: shownUrl }]) {
    expect((await check(relay, payload)).body.url).toBe(secretUrl);
  }
  await put(relay, { url: null });
  expect((await check(relay, { url })).body.url).toBe(url);
  expect((await check(relay)).body).toMatchObject({ status: 409, code: "handler.noUrl" });
});

test("of a handler without a URL it is told whether anybody listens who could answer", async () => {
  await using relay = await startRelay();
  const isHeard = async () => (await relay.inject({ url: "/v1/handlers/dns" })).body.isHeard;
  await put(relay, { ...dns, url: secretUrl });
  expect(await isHeard()).toBeNull();
  await put(relay, { url: null });
  expect(await isHeard()).toBe(false);
  const page = await listen(relay.relay.url(), ["machine.create;handler=dns"]);
  await page.nextOfAll();
  expect(await isHeard()).toBe(false);
  const subscriber = await subscribe(relay.relay.url(), ["machine.create;handler=dns"]);
  await subscriber.nextOfAll();
  expect(await isHeard()).toBe(true);
  page.close();
  subscriber.close();
});

test("during a swap it is told how many still run where they began", async () => {
  await using relay = await startRelay();
  const { body } = await relay.inject({
    method: "PUT",
    url: "/v1/handlers/create",
    payload: { url: "http://now/create?token=s3cret" },
  });
  expect(body.statistics).toMatchObject({
    inFlight: 3,
    places: [
      { url: "http://now/create?token=********", inFlight: 0 },
      { url: "http://long-before/create", inFlight: 2 },
      { url: "http://before/create", inFlight: 1 },
    ],
  });
});
