// What DigitalOcean says when something is wrong: its own ids, status codes and words.
import { commonFaults, type FaultKind } from "../faults.ts";

export class DigitalOceanError extends Error {
  readonly status: number;
  readonly id: string;

  constructor(status: number, id: string, message: string) {
    super(message);
    this.status = status;
    this.id = id;
  }
}

export const unauthorized = () => new DigitalOceanError(401, "unauthorized", "Unable to authenticate you");
export const notFound = () =>
  new DigitalOceanError(404, "not_found", "The resource you were accessing could not be found.");
export const unprocessable = (message: string) => new DigitalOceanError(422, "unprocessable_entity", message);
export const tooManyRequests = () => new DigitalOceanError(429, "too_many_requests", "API Rate limit exceeded.");
export const dropletLimit = () => unprocessable("creating this/these droplet(s) will exceed your droplet limit");

const error = (call: string, { status, id, message }: DigitalOceanError, headers = {}): FaultKind => ({
  call,
  behaviour: {
    ...{ kind: "answer", status, body: JSON.stringify({ id, message }) },
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  },
});

const createDroplet = "POST /v2/droplets";

export const digitalOceanFaults = {
  ...commonFaults(createDroplet),
  "wrong-credentials": error("*", unauthorized()),
  "no-permission": error(
    createDroplet,
    new DigitalOceanError(403, "forbidden", "You are not authorized to perform this operation"),
  ),
  "rate-limit": error("*", tooManyRequests(), { "retry-after": "1" }),
  "server-error": error("*", new DigitalOceanError(500, "server_error", "Unexpected server-side error")),
  unavailable: error("*", new DigitalOceanError(503, "service_unavailable", "Service Unavailable")),
  /** What stands before the API answers in its place, and not in JSON. */
  "bad-gateway": {
    call: "*",
    behaviour: {
      ...{ kind: "answer", status: 502, headers: { "content-type": "text/html" } },
      body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    },
  },
  "droplet-quota": error(createDroplet, dropletLimit()),
  "no-capacity": error(createDroplet, unprocessable("Size is not available in this region.")),
  "image-gone": error(createDroplet, unprocessable("You specified an invalid image for Droplet creation.")),
  "key-exists": error("POST /v2/account/keys", unprocessable("SSH Key is already in use on your account")),
  "delete-fails": error(
    "DELETE /v2/droplets/:id",
    new DigitalOceanError(500, "server_error", "Unexpected server-side error"),
  ),
} satisfies Record<string, FaultKind>;

export type DigitalOceanFault = keyof typeof digitalOceanFaults;
