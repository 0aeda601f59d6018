// What EC2 says when something is wrong: its own codes, status codes and words.
import { randomUUID } from "node:crypto";
import { commonFaults, type FaultKind } from "../faults.ts";
import { escapeXml } from "./xml.ts";

export interface Ec2Error {
  status: number;
  code: string;
  message: string;
}

export const wrongCredentials: Ec2Error = {
  status: 401,
  code: "AuthFailure",
  message: "AWS was not able to validate the provided access credentials",
};

const limitPage = "Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.";

export function errorAnswer({ status, code, message }: Ec2Error) {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${randomUUID()}</RequestID></Response>`;
  return { status, headers: { "content-type": "text/xml;charset=UTF-8" }, body };
}

const error = (call: string, status: number, code: string, message: string): FaultKind => ({
  call,
  behaviour: { kind: "answer", ...errorAnswer({ status, code, message }) },
});

export const ec2Faults = {
  ...commonFaults("RunInstances"),
  "wrong-credentials": { call: "*", behaviour: { kind: "answer", ...errorAnswer(wrongCredentials) } },
  "clock-wrong": error("*", 400, "RequestExpired", "Request has expired."),
  blocked: error(
    ...(["*", 403, "Blocked"] as const),
    "This account is currently blocked and not recognized as a valid account. Please contact https://support.console.aws.amazon.com/support if you have questions.",
  ),
  "no-permission": error(
    ...(["RunInstances", 403, "UnauthorizedOperation"] as const),
    "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/relay is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: 4dFy2FvLZ3uT0bGhW8aQ",
  ),
  "instance-quota": error(
    ...(["RunInstances", 400, "InstanceLimitExceeded"] as const),
    `You have requested more instances (1) than your current instance limit of 0 allows for the specified instance type. ${limitPage}`,
  ),
  "vcpu-quota": error(
    ...(["RunInstances", 400, "VcpuLimitExceeded"] as const),
    `You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to. ${limitPage}`,
  ),
  "no-capacity": error(
    ...(["RunInstances", 500, "InsufficientInstanceCapacity"] as const),
    "We currently do not have sufficient t2.micro capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get t2.micro capacity by not specifying an Availability Zone in your request or choosing us-east-1b, us-east-1c, us-east-1d, us-east-1f.",
  ),
  "type-not-offered": error(
    ...(["RunInstances", 400, "Unsupported"] as const),
    "Your requested instance type (t2.micro) is not supported in your requested Availability Zone (us-east-1a). Please retry your request by not specifying an Availability Zone or choosing us-east-1b, us-east-1c, us-east-1d, us-east-1f.",
  ),
  "terms-not-accepted": error(
    ...(["RunInstances", 401, "OptInRequired"] as const),
    "In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=0123456789abcdef",
  ),
  "rate-limit": error("RunInstances", 503, "RequestLimitExceeded", "Request limit exceeded."),
  "server-error": error("RunInstances", 500, "InternalError", "An internal error has occurred"),
  unavailable: error("RunInstances", 503, "Unavailable", "The service is unavailable. Please try again shortly."),
  "image-gone": error("RunInstances", 400, "InvalidAMIID.NotFound", "The image id '[ami-c60b90d1]' does not exist"),
  "key-exists": error("ImportKeyPair", 400, "InvalidKeyPair.Duplicate", "The keypair already exists"),
  "no-vpc": error(
    ...(["RunInstances", 400, "VPCIdNotSpecified"] as const),
    "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
  ),
  /** The account says so before anything is made; seen when no VPC is given. */
  "no-default-vpc": { call: "DescribeAccountAttributes", behaviour: { kind: "other" } },
  "no-subnet": {
    call: "DescribeSubnets",
    behaviour: {
      kind: "answer",
      status: 200,
      headers: { "content-type": "text/xml;charset=UTF-8" },
      body: '<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>none</requestId><subnetSet/></DescribeSubnetsResponse>',
    },
  },
  "terminate-fails": error("TerminateInstances", 500, "InternalError", "An internal error has occurred"),
} satisfies Record<string, FaultKind>;

export type Ec2Fault = keyof typeof ec2Faults;
