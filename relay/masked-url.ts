// A URL as people may read it: an answer, a history, a log line. What may be secret in it reads as the mask. Pure.
import { secretMask } from "../functions/contract.ts";

/** `http://dns.example/create?token=s3cret` → `http://dns.example/create?token=********`; a relative one likewise. */
export function maskUrl(url: string): string {
  const [address = "", ...query] = url.split("?");
  const shown = address.replace(/\/\/[^/#]*@/, `//${secretMask}@`);
  return query.length === 0 ? shown : `${shown}?${maskQuery(query.join("?"))}`;
}

/** A parameter without a name may be a secret as a whole. */
function maskQuery(query: string): string {
  return query
    .split("&")
    .map((parameter) => {
      const [name = "", value] = parameter.split(/=(.*)/s, 2);
      if (value === undefined) return name === "" ? "" : secretMask;
      return value === "" ? parameter : `${name}=${secretMask}`;
    })
    .join("&");
}
