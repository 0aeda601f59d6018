import { expect, test } from "vitest";
import { parseConfigFlags } from "../../functions/docker-machine/config-flags.ts";
import { addressFrom, withoutPluginTalk } from "../../functions/docker-machine/machine-facts.ts";

test("one flag a line, quotes dropped, blanks in paths kept", () => {
  const output = `--tlsverify
--tlscacert="/tmp/my machines/ca.pem"
--tlscert="/tmp/my machines/cert.pem"
--tlskey="/tmp/a \\"quoted\\" key.pem"
-H=tcp://172.17.0.2:2376
(real1) Closing plugin on server side
`;
  expect(parseConfigFlags(output)).toEqual({
    arguments: [
      "--tlsverify",
      "--tlscacert=/tmp/my machines/ca.pem",
      "--tlscert=/tmp/my machines/cert.pem",
      '--tlskey=/tmp/a "quoted" key.pem',
      "-H=tcp://172.17.0.2:2376",
    ],
    url: "tcp://172.17.0.2:2376",
  });
});

test("no flags, no address", () => {
  expect(parseConfigFlags("\n")).toEqual({ arguments: [], url: null });
});

test.each([
  ["203.0.113.7\n", "203.0.113.7"],
  ["127.0.0.1:2376", "127.0.0.1"],
  ["2001:db8::7", "2001:db8::7"],
  ["[2001:db8::7]:2376", "2001:db8::7"],
  ["host.example", "host.example"],
  ["", null],
  ["<html>", null],
  [7, null],
])("the address in %j is %s", (text, expected) => {
  expect(addressFrom(text)).toBe(expected);
});

test.each([
  "tcp://127.0.0.1:9\n(a1) Closing plugin on server side\n",
  "(a1) Closing plugin on server side\ntcp://127.0.0.1:9\n",
])("what the fork's plugins say beside an answer is none of it", (output) => {
  expect(withoutPluginTalk(output)).toBe("tcp://127.0.0.1:9");
});
