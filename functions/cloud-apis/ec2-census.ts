// What EC2 has of a machine. Its mark is the key pair that docker-machine makes for it alone and that each instance, and
// each spot request, names from its first moment on: `<machine name>`, or with the fork `<machine name>-<5 characters>`.
// The Name tag comes later, at times never.
import {
  CancelSpotInstanceRequestsCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  paginateDescribeInstances,
  paginateDescribeSpotInstanceRequests,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Census, Found } from "../census.ts";
import { WorkFailure } from "../work-failure.ts";
import { askEc2, openEc2 } from "./ec2-client.ts";
import { type GivenOptions, givenText, isGivenSwitch } from "./given-option.ts";

/** Of one machine: more would be a defect of ours, and nobody should read them all. */
const foundMax = 1000;
const pageSize = 100;
/** Neither runs nor costs any more, or is on its way there for sure. */
const goneStates = new Set(["shutting-down", "terminated"]);
const spotRequestId = /^sir-/;

/** Null: its key pair is one that others use as well, so an instance cannot be told from theirs. */
export function ec2Census(given: GivenOptions, machineName: string, signal: AbortSignal): Census | null {
  if (givenText(given, "keypairName") !== null) return null;
  const client = openEc2(given);
  const isOurs = (keyName: string | undefined): boolean => isKeyOf(machineName, keyName ?? "");
  const marks = [machineName, `${machineName}-*`];
  const options = { abortSignal: signal };
  const asked = <Answer>(question: () => Promise<Answer>): Promise<Answer> => askEc2(signal, "this machine", question);

  async function findInstances(): Promise<Found[]> {
    const found = new Map<string, Found>();
    const searches = [
      { Name: "key-name", Values: marks },
      // The fork's instances have their Name from the first moment on, and not every EC2 knows what a `*` means.
      { Name: "tag:Name", Values: [machineName] },
    ];
    for (const search of searches) {
      for await (const page of paginateDescribeInstances({ client, pageSize }, { Filters: [search] }, options)) {
        for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
          if (!isOurs(instance.KeyName) || goneStates.has(instance.State?.Name ?? "")) continue;
          const id = instance.InstanceId!;
          found.set(id, { id, name: `the instance with the key pair ${instance.KeyName}` });
          if (found.size > foundMax) throw new WorkFailure("census.tooMany", `EC2 has more than ${foundMax} of them`);
        }
      }
    }
    return [...found.values()];
  }

  /** docker-machine forgets a request that nobody has fulfilled yet. Whoever fulfils it later makes an instance. */
  async function findSpotRequests(): Promise<Found[]> {
    // Who makes no such requests need not have the right to look for them.
    if (!isGivenSwitch(given, "requestSpotInstance")) return [];
    const found: Found[] = [];
    const input = { Filters: [{ Name: "state", Values: ["open"] }] };
    for await (const page of paginateDescribeSpotInstanceRequests({ client, pageSize }, input, options)) {
      for (const { State, LaunchSpecification, SpotInstanceRequestId: id } of page.SpotInstanceRequests ?? []) {
        if (State === "open" && isOurs(LaunchSpecification?.KeyName)) found.push({ id: id!, name: "the spot request" });
      }
    }
    return found;
  }

  async function removeKeys(): Promise<void> {
    const input = { Filters: [{ Name: "key-name", Values: marks }] };
    const { KeyPairs = [] } = await client.send(new DescribeKeyPairsCommand(input), options);
    for (const { KeyName } of KeyPairs) {
      if (isOurs(KeyName)) await client.send(new DeleteKeyPairCommand({ KeyName: KeyName! }), options);
    }
  }

  return {
    // Requests first: one that is fulfilled in between is seen as an instance.
    find: () => asked(async () => [...(await findSpotRequests()), ...(await findInstances())]),
    destroy: ({ id }) =>
      asked(async () => {
        if (spotRequestId.test(id)) {
          await client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [id] }), options);
        } else {
          await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }), options).catch(unlessGone);
        }
      }),
    removeKeys: () => asked(() => removeKeys().catch(unlessForbidden)),
    async close() {
      client.destroy();
    },
  };
}

/** Not more: the name of another machine may begin with this one's. */
export function isKeyOf(machineName: string, keyName: string): boolean {
  return (
    keyName === machineName || (keyName.startsWith(machineName) && forkSuffix.test(keyName.slice(machineName.length)))
  );
}
/** A machine's name ends with a dash and eight characters, so no other machine's is this one's with such an end. */
const forkSuffix = /^-[A-Za-z0-9]{5}$/;

function unlessGone(error: unknown): void {
  if ((error as Error).name !== "InvalidInstanceID.NotFound") throw error;
}

/** Who may not look for them has to remove them by hand: no reason to keep the machine. */
function unlessForbidden(error: unknown): void {
  if ((error as Error).name !== "UnauthorizedOperation") throw error;
}
