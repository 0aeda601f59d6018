// Stands before moto: checks who asks, lets calls fail as ordered, mends what moto has wrong, and tells what was done.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { Faults, MetFault } from "../faults.ts";
import type { Journal } from "../journal.ts";
import { errorAnswer, wrongCredentials } from "./errors.ts";

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

export interface FrontOptions {
  address: string;
  motoUrl: string;
  defaultVpcId: string;
  /** Access keys that may ask. */
  credentials: ReadonlySet<string>;
  faults: Faults;
  journal: Journal;
  /** Awaited before the answer leaves: a call that changes something was carried out. */
  onDone(answer: string, fault: MetFault | null): Promise<void>;
}

export interface Front extends AsyncDisposable {
  url: string;
}

/** What was answered to which client token. */
type Launches = Map<string, Promise<Answer>>;

export async function startFront(options: FrontOptions): Promise<Front> {
  const launches: Launches = new Map();
  const server = createServer((request, response) => {
    serve(options, launches, request, response).catch((error) => {
      console.error("the front of EC2:", error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => server.listen(0, options.address, resolve).on("error", reject));
  return {
    url: `http://${options.address}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  options: FrontOptions,
  launches: Launches,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request);
  const parameters = new URLSearchParams(body);
  const action = parameters.get("Action") ?? "none";
  const fault = options.faults.meet(action, body);
  const call = options.journal.begin(action, fault?.name ?? null);
  const asked = { action, body, authorization: request.headers.authorization ?? "" };
  const token = action === "RunInstances" && parameters.get("ClientToken");
  const answer = await work(options, asked, fault, (make) => (token ? once(launches, token, make) : make()));
  if (!answer || fault?.behaviour.kind === "answer-lost") return void response.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body);
  options.journal.end(call, answer.status);
}

interface Asked {
  action: string;
  body: string;
  authorization: string;
}

/** Null: no work and no answer. */
async function work(
  options: FrontOptions,
  asked: Asked,
  fault: MetFault | null,
  carryOut: (make: () => Promise<Answer>) => Promise<Answer>,
): Promise<Answer | null> {
  if (!options.credentials.has(readAccessKey(asked.authorization))) return errorAnswer(wrongCredentials);
  const behaviour = fault?.behaviour;
  if (behaviour?.kind === "answer") return behaviour;
  if (behaviour?.kind === "cut") return null;
  if (behaviour?.kind === "slow") await wait(behaviour.delayMs);
  if (behaviour?.kind === "held") await fault!.over;
  const answer = { ...(await carryOut(() => pass(options.motoUrl, asked))) };
  if (asked.action === "DescribeAccountAttributes" && fault?.name !== "no-default-vpc")
    answer.body = withDefaultVpc(answer.body, options.defaultVpcId);
  if (!/^(Describe|Get)/.test(asked.action)) await options.onDone(answer.body, fault);
  return answer;
}

const readAccessKey = (authorization: string): string => /Credential=([^/]+)\//.exec(authorization)?.[1] ?? "";

async function pass(motoUrl: string, asked: Asked): Promise<Answer> {
  const headers = { authorization: asked.authorization, "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(motoUrl, { method: "POST", headers, body: asked.body });
  // moto gives every request the same id.
  const body = (await answer.text()).replace(/(<requestId>)request-id</i, (_, tag: string) => `${tag}${randomUUID()}<`);
  return { status: answer.status, headers: { "content-type": "text/xml;charset=UTF-8" }, body };
}

/** A launch that is asked for again with the same token makes no second instance; moto does not know that. */
function once(launches: Launches, token: string, make: () => Promise<Answer>): Promise<Answer> {
  const launch = launches.get(token) ?? make();
  launches.set(token, launch);
  return launch;
}

/** moto has a default VPC and says that there is none. */
function withDefaultVpc(body: string, id: string): string {
  return body.replace(
    /(<attributeName>default-vpc<\/attributeName><attributeValueSet><item><attributeValue>)none</,
    (_, before: string) => `${before}${id}<`,
  );
}
