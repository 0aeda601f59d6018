// An EC2 that answers what a test says. The real protocol is moto's, in test/e2e/cloud.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { GivenOptions } from "../../../functions/cloud-apis/given-option.ts";
import type { DriverConfig } from "../../../functions/contract.ts";
import { ownOptions } from "../../../functions/docker-machine/driver-help.ts";
import { helpOf } from "../help.ts";

/** Answers each action with what the test says, and keeps what was asked. */
export async function startEc2(answers: Record<string, string | { status: number; code: string }>) {
  const asked: { action: string; parameters: Record<string, string>; authorization: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { Action: action = "", ...parameters } = Object.fromEntries(new URLSearchParams(body));
    asked.push({ action, parameters, authorization: request.headers.authorization ?? "" });
    const answer = answers[action] ?? { status: 500, code: "NotExpected" };
    if (typeof answer === "string") {
      response.setHeader("content-type", "text/xml");
      return response.end(`<${action}Response><requestId>r</requestId>${answer}</${action}Response>`);
    }
    response.statusCode = answer.status;
    response.end(
      `<Response><Errors><Error><Code>${answer.code}</Code><Message>words of ${answer.code}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const given = (driverConfig: DriverConfig = {}): GivenOptions => ({
    driver: { name: "amazonec2", options: ownOptions("amazonec2", helpOf("docker-machine", "amazonec2"), null) },
    driverConfig: { endpoint, accessKey: "AKIDTEST", secretKey: "secret", region: "eu-west-1", ...driverConfig },
    environment: {},
  });
  return { given, asked };
}
