import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import {
  type AgentSettings,
  agentLaunch,
  findAgentUrl,
  joinLine,
  quoteForShell,
} from "../../../relay/agents/launch.ts";

const settings: AgentSettings = {
  url: "https://relay.example",
  image: "docker:28-cli",
  command: null,
  environment: { HTTPS_PROXY: "http://proxy:3128" },
  volumes: null,
};

test("a launch holds the token in its environment only, and is the same every time", () => {
  const launch = agentLaunch("agt_abc", settings);
  expect(launch).toEqual(agentLaunch("agt_abc", settings));
  expect(launch.environment).toEqual({
    HTTPS_PROXY: "http://proxy:3128",
    MACHINE_RELAY_SCRIPT_URL: "https://relay.example/v1/scripts/agt_abc",
  });
  expect(launch.volumes).toEqual(["/var/run/docker.sock:/var/run/docker.sock"]);
  expect(launch.command.join(" ")).not.toContain("agt_abc");
});

test("image, command, environment and volumes are configuration, but where the script is cannot be", () => {
  const launch = agentLaunch("agt_abc", {
    ...settings,
    image: "registry.local/agent:1",
    command: ["agent", "--verbose"],
    environment: { MACHINE_RELAY_SCRIPT_URL: "http://elsewhere" },
    volumes: ["/run/docker.sock:/var/run/docker.sock", "/etc/ssl/certs:/etc/ssl/certs:ro"],
  });
  expect(launch).toEqual({
    image: "registry.local/agent:1",
    command: ["agent", "--verbose"],
    environment: { MACHINE_RELAY_SCRIPT_URL: "https://relay.example/v1/scripts/agt_abc" },
    volumes: ["/run/docker.sock:/var/run/docker.sock", "/etc/ssl/certs:/etc/ssl/certs:ro"],
  });
});

test("the line to paste is one line that a shell takes apart into the same launch", () => {
  const launch = agentLaunch("jnt_abc", { ...settings, environment: { GREETING: 'it\'s $HOME\\ "here"' } });
  const line = joinLine(launch);
  expect(line).not.toContain("\n");
  const words = execFileSync("sh", ["-c", line.replace(/^docker run/, `printf '%s\\0'`)], { encoding: "utf8" });
  expect(words.split("\0").slice(0, -1)).toEqual([
    ...["-d", "--name", "machine-relay-agent", "--restart", "unless-stopped"],
    ...["-v", "/var/run/docker.sock:/var/run/docker.sock"],
    ...["-e", 'GREETING=it\'s $HOME\\ "here"'],
    ...["-e", "MACHINE_RELAY_SCRIPT_URL=https://relay.example/v1/scripts/jnt_abc"],
    "docker:28-cli",
    ...launch.command,
  ]);
});

test.each(["plain", "", "two words", "it's", "$(touch /tmp/x)", "`x`", "a\\b", '"', "ü;&|<>*?[]~#"])(
  "a shell reads %j as it was quoted",
  (word) => {
    expect(execFileSync("sh", ["-c", `printf %s ${quoteForShell(word)}`], { encoding: "utf8" })).toBe(word);
  },
);

test("agents are sent to PUBLIC_URL, else to their own listener, else to the relay's", () => {
  const listen = { host: "127.0.0.1", port: 8080 };
  const agentListen = { host: "172.17.0.1", port: 8082 };
  expect(findAgentUrl({ publicUrl: "https://relay.example/", agentListen, listen })).toEqual({
    url: "https://relay.example",
    problem: null,
  });
  expect(findAgentUrl({ publicUrl: null, agentListen, listen })).toEqual({
    url: "http://172.17.0.1:8082",
    problem: null,
  });
  const own = findAgentUrl({ publicUrl: null, agentListen: null, listen });
  expect(own.url).toBe("http://127.0.0.1:8080");
  expect(own.problem).toContain("PUBLIC_URL");
  expect(findAgentUrl({ publicUrl: null, agentListen: null, listen: { host: "::", port: 80 } }).problem).toContain(
    "PUBLIC_URL",
  );
});
