// EC2, reached as docker-machine's driver amazonec2 reaches it: the same region, endpoint and credentials.
import { EC2Client } from "@aws-sdk/client-ec2";
import { WorkFailure } from "../work-failure.ts";
import { answerMsMax, connectMsMax, openAgents, reasonOf } from "./connection.ts";
import { type GivenOptions, givenText, isGivenSwitch } from "./given-option.ts";

/** Throttling is EC2's everyday answer; the SDK waits longer each time. */
const attemptsMax = 5;

/** To be destroyed after use. It is large: whoever asks EC2 only at times imports this file on demand. */
export function openEc2(given: GivenOptions): EC2Client {
  const [accessKeyId, secretAccessKey] = [givenText(given, "accessKey"), givenText(given, "secretKey")];
  const sessionToken = givenText(given, "sessionToken");
  const endpoint = endpointOf(given);
  return new EC2Client({
    region: givenText(given, "region") ?? "us-east-1",
    ...(endpoint !== null && { endpoint }),
    // Without both, docker-machine takes what the SDK's usual places have: files, the instance's role.
    ...(accessKeyId !== null &&
      secretAccessKey !== null && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
      }),
    maxAttempts: attemptsMax,
    requestHandler: {
      ...openAgents(given.environment),
      connectionTimeout: connectMsMax,
      requestTimeout: answerMsMax,
      throwOnRequestTimeout: true,
    },
  });
}

/** @param wanted what it is asked for @throws WorkFailure in EC2's words */
export async function askEc2<Answer>(
  signal: AbortSignal,
  wanted: string,
  question: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WorkFailure) throw error;
    const reason = `${(error as Error).name}: ${reasonOf(error as Error)}`;
    throw new WorkFailure("driver.failed", `EC2 could not be asked for ${wanted}: ${reason}`);
  }
}

/** docker-machine takes one with or without its scheme. */
function endpointOf(given: GivenOptions): string | null {
  const endpoint = givenText(given, "endpoint");
  if (endpoint === null || /^https?:\/\//i.test(endpoint)) return endpoint;
  return `${isGivenSwitch(given, "insecureTransport") ? "http" : "https"}://${endpoint}`;
}
