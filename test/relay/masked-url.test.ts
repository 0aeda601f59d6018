// What people may read of a URL.
import { expect, test } from "vitest";
import { maskUrl } from "../../relay/masked-url.ts";

test.each([
  ["http://dns.example/create", "http://dns.example/create"],
  ["http://dns.example:8080/create?token=s3cret", "http://dns.example:8080/create?token=********"],
  ["http://dns.example?a=s3&b=cret=x", "http://dns.example?a=********&b=********"],
  ["http://dns.example/?s3cret", "http://dns.example/?********"],
  ["http://dns.example/?a=&b", "http://dns.example/?a=&********"],
  ["http://dns.example/?a=b?s3cret#s3cret", "http://dns.example/?a=********"],
  ["/moved?token=s3cret", "/moved?token=********"],
  ["http://me:s3cret@dns.example/@here", "http://********@dns.example/@here"],
  ["nope", "nope"],
  ["", ""],
])("%s reads as %s", (url, shown) => {
  expect(maskUrl(url)).toBe(shown);
  expect(maskUrl(shown)).toBe(shown);
});
