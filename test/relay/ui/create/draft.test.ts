import { expect, test } from "vitest";
import type { MachineView } from "../../../../relay/api/machine-view.ts";
import { checkDraft, checkEntered, forgetChanged } from "../../../../relay/ui/create/check-draft.ts";
import {
  type Draft,
  draftLike,
  emptyDraft,
  requestsOf,
  secretMask,
  withoutSecrets,
} from "../../../../relay/ui/create/draft.ts";
import { emptyEngine } from "../../../../relay/ui/create/engine.ts";
import { maskRequest } from "../../../../relay/ui/create/masked-request.ts";
import { hasMistakes } from "../../../../relay/ui/create/mistakes.ts";
import { anOption } from "./an-option.ts";

const options = [
  anOption({ name: "accessToken", isSecret: true, isRequired: true }),
  anOption({ name: "region" }),
  anOption({ name: "sshKey", isFile: true }),
];

const full: Draft = {
  ...emptyDraft,
  driver: "cloud",
  name: "web",
  options: {
    cloud: { accessToken: "first-secret", region: "here", sshKey: { content: "second-secret" }, size: "" },
    other: { password: "third-secret" },
  },
  labels: [
    { name: "tier", value: "web" },
    { name: "", value: "" },
  ],
  engine: {
    ...emptyEngine,
    installUrl: "https://user:fourth-secret@host",
    registryMirrors: ["https://u:fifth-secret@mirror", "https://mirror"],
    environment: [
      { name: "API_TOKEN", value: "sixth-secret" },
      { name: "LANG", value: "C" },
    ],
  },
};

test("what is stored holds no secret, and says which ones there were", () => {
  const stored = withoutSecrets(full);
  expect(JSON.stringify(stored)).not.toContain("-secret");
  expect(stored.options).toEqual({ cloud: { region: "here", size: "" }, other: {} });
  expect(stored.lostOptions).toEqual({ cloud: ["accessToken", "sshKey"], other: ["password"] });
  expect(stored.lostEngine).toEqual(["installUrl", "registryMirrors", "environment.API_TOKEN"]);
  expect(stored.engine.environment[0]).toEqual({ name: "API_TOKEN", value: "" });
  // Storing again what was read back forgets nothing of it.
  expect(withoutSecrets(stored)).toEqual(stored);
});

test("a request has what was filled in, and nothing else", () => {
  expect(requestsOf(full, options, ["web-1", "web-2"]).map(({ name }) => name)).toEqual(["web-1", "web-2"]);
  expect(requestsOf(full, options, ["web"])[0]).toEqual({
    name: "web",
    driver: "cloud",
    driverConfig: { accessToken: "first-secret", region: "here", sshKey: { content: "second-secret" } },
    engine: {
      installUrl: "https://user:fourth-secret@host",
      registryMirrors: ["https://u:fifth-secret@mirror", "https://mirror"],
      environment: { API_TOKEN: "sixth-secret", LANG: "C" },
    },
    labels: { tier: "web" },
  });
});

test("an empty form asks for nothing but name and driver", () => {
  const [request] = requestsOf({ ...emptyDraft, driver: "cloud" }, options, ["a"]);
  expect(request).toEqual({ name: "a", driver: "cloud", driverConfig: {}, engine: {}, labels: {} });
});

test("a variable whose value was lost is not sent empty, and one that is meant to be empty is", () => {
  const stored = withoutSecrets(full);
  const environment = [...stored.engine.environment, { name: "EMPTY", value: "" }];
  const [request] = requestsOf({ ...stored, engine: { ...stored.engine, environment } }, options, ["a"]);
  expect(request?.engine.environment).toEqual({ LANG: "C", EMPTY: "" });
});

test("the preview is asked with the mask in place of every secret", () => {
  const [request] = requestsOf(full, options, ["web"]);
  const masked = maskRequest(request!);
  expect(JSON.stringify(masked)).not.toContain("-secret");
  expect(masked).toEqual({
    name: "web",
    driverConfig: { accessToken: secretMask, region: "here", sshKey: { content: secretMask } },
    engine: {
      installUrl: secretMask,
      registryMirrors: [secretMask, "https://mirror"],
      environment: { API_TOKEN: secretMask, LANG: "C" },
    },
  });
});

test("another like a machine leaves its secrets out, and says which", () => {
  const machine = {
    id: "mch_1",
    name: "web-7",
    driver: "cloud",
    driverConfig: { accessToken: secretMask, sshKey: secretMask, region: "here", ports: 3, isOn: true },
    labels: { tier: "web" },
    engine: { registryMirrors: [secretMask, "https://mirror"], environment: { API_TOKEN: secretMask } },
  } as unknown as MachineView;
  const draft = draftLike(machine);
  expect(draft).toMatchObject({
    like: "mch_1",
    driver: "cloud",
    name: null,
    stem: "web",
    options: { cloud: { region: "here", ports: "3", isOn: true } },
    lostOptions: { cloud: ["accessToken", "sshKey"] },
    lostEngine: ["registryMirrors", "environment.API_TOKEN"],
  });
  expect(JSON.stringify(draft)).not.toContain(secretMask);
});

test.each<[string, Partial<Draft>, string[], object]>([
  ["nothing", {}, [], {}],
  ["a name that is taken", {}, ["web"], { name: "web is taken." }],
  ["a count", { count: "51" }, [], { count: "From 1 to 50." }],
  ["a label's name", { labels: [{ name: "-a", value: "" }] }, [], { labels: expect.stringContaining("-a") }],
  ["a value without a name", { labels: [{ name: "", value: "a" }] }, [], { labels: expect.stringContaining("needs") }],
  [
    "a variable twice",
    {
      engine: {
        ...emptyEngine,
        environment: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
      },
    },
    [],
    { engine: { environment: "A is there twice." } },
  ],
])("seen while typing: %s", (_, change, taken, mistakes) => {
  expect(checkEntered({ ...full, ...change }, ["web"], new Set(taken))).toEqual({
    options: {},
    engine: {},
    ...mistakes,
  });
});

test("of several names those that are taken are named", () => {
  const { name } = checkEntered(full, ["web-1", "web-2", "web-3"], new Set(["web-1", "web-3"]));
  expect(name).toBe("web-1 and web-3 are taken.");
});

test("what is required keeps it from being sent, and so does a driver that nobody chose", () => {
  expect(hasMistakes(checkDraft(full, options, ["web"], new Set()))).toBe(false);
  expect(checkDraft({ ...full, options: {} }, options, ["web"], new Set()).options).toHaveProperty("accessToken");
  expect(checkDraft({ ...full, driver: null }, [], ["web"], new Set())).toHaveProperty("driver");
});

test("what the API said of a field is forgotten when it changes, and not before", () => {
  const said = {
    name: "taken",
    labels: "no",
    options: { region: "no such region", accessToken: "wrong" },
    engine: { installUrl: "no", labels: "no" },
  };
  expect(forgetChanged(said, full, { ...full })).toEqual(said);
  const region = { ...full, options: { ...full.options, cloud: { ...full.options.cloud, region: "there" } } };
  expect(forgetChanged(said, full, region).options).toEqual({ accessToken: "wrong" });
  expect(forgetChanged(said, full, { ...full, count: "2" })).not.toHaveProperty("name");
  expect(forgetChanged(said, full, { ...full, driver: "other" }).options).toEqual({});
  expect(forgetChanged(said, full, { ...full, engine: { ...full.engine, installUrl: "" } }).engine).toEqual({
    labels: "no",
  });
});
