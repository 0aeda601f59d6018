import { describe, expect, test } from "vitest";
import type { DriverConfig } from "../../functions/contract.ts";
import { ownOptions } from "../../functions/docker-machine/driver-help.ts";
import { buildCatalogueOption } from "../../functions/docker-machine/drivers.ts";
import { checkProviderName, checkRules } from "../../functions/docker-machine/option-rules.ts";
import type { FunctionProblem } from "../../functions/problem.ts";
import { helpOf } from "./help.ts";

function refusal(act: () => void) {
  try {
    act();
    return null;
  } catch (error) {
    const { code, field, expected, got } = (error as FunctionProblem).details;
    return { code, field, expected, got };
  }
}

function check(
  driver: string,
  driverConfig: DriverConfig,
  environment: Record<string, string> = {},
  isComplete = true,
) {
  const shared = [helpOf("docker-machine", "none"), helpOf("docker-machine", "generic")] as const;
  const options = ownOptions(driver, helpOf("docker-machine", driver), shared).map((option) =>
    buildCatalogueOption(driver, option, environment),
  );
  return refusal(() => checkRules({ driver, options, driverConfig }, isComplete));
}

describe("options that belong together", () => {
  test.each<[string, DriverConfig, string]>([
    ["amazonec2", { keypairName: "mine" }, "driverConfig.sshKeypath"],
    ["amazonec2", { insecureTransport: true }, "driverConfig.endpoint"],
    ["amazonec2", { accessKey: "A" }, "driverConfig.secretKey"],
    ["amazonec2", { "amazonec2-secret-key": "S" }, "driverConfig.accessKey"],
    ["digitalocean", { sshKeyPath: { content: "key" } }, "driverConfig.sshKeyFingerprint"],
    ["openstack", { keypairName: "mine" }, "driverConfig.privateKeyFile"],
  ])("%s %o lacks %s", (driver, driverConfig, field) => {
    expect(check(driver, driverConfig)).toMatchObject({ code: "option.missing", field, got: "nothing" });
    // Somebody is still typing.
    expect(check(driver, driverConfig, {}, false)).toBeNull();
  });

  test("one that is set where the functions run is there", () => {
    expect(check("amazonec2", { accessKey: "A" }, { AWS_SECRET_ACCESS_KEY: "S" })).toBeNull();
  });

  test.each<[string, DriverConfig]>([
    ["amazonec2", { accessKey: "A", secretKey: "S", insecureTransport: false, keypairName: "" }],
    ["openstack", { imageName: "ubuntu", flavorId: "7" }],
    ["generic", {}],
  ])("%s %o is right", (driver, driverConfig) => {
    expect(check(driver, driverConfig)).toBeNull();
  });
});

test("options that say the same are refused, also while somebody is typing", () => {
  expect(check("openstack", { imageName: "ubuntu", "image-id": "7" }, {}, false)).toMatchObject({
    code: "option.conflict",
    field: "driverConfig.image-id",
    got: "both",
  });
});

test.each([
  ["google", "Web-1-k3f9q2ab", false],
  ["google", "1web-k3f9q2ab", false],
  ["google", "web.1-k3f9q2ab", false],
  ["google", `${"w".repeat(55)}-k3f9q2ab`, false],
  ["google", `${"w".repeat(54)}-k3f9q2ab`, true],
  ["google", "web-1-k3f9q2ab", true],
  ["digitalocean", "Web.1-k3f9q2ab", true],
  ["azure", `${"w".repeat(56)}-k3f9q2ab`, false],
  ["amazonec2", "W.1-k3f9q2ab", true],
  ["of-somebody-else", "W.1-k3f9q2ab", true],
])("%s takes the name %s: %s", (driver, machineName, isTaken) => {
  const refused = refusal(() => checkProviderName(driver, machineName));
  if (isTaken) expect(refused).toBeNull();
  else expect(refused).toMatchObject({ code: "machine.nameRefused", field: "name", got: machineName });
});
