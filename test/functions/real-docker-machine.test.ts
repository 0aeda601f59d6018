// The real docker-machine, or the fork, with the driver that needs neither a cloud nor a host. Skipped where neither is.
import { accessSync, constants } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildBootstrap } from "../../functions/bootstrap.ts";
import { buildCreate } from "../../functions/create.ts";
import { buildDelete } from "../../functions/delete.ts";
import { unpackArchive } from "../../functions/docker-machine/archive.ts";
import { previewCommand } from "../../functions/docker-machine/command-preview.ts";
import { catalogueOf, requireDriver } from "../../functions/docker-machine/drivers.ts";
import { findTools } from "../../functions/docker-machine/tools.ts";
import { launch, machineOf, runWork, temporaryDirectory } from "./work-scene.ts";

const searchPath = process.env.PATH ?? "";
const isOnPath = (name: string) =>
  searchPath.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

describe.each(["docker-machine", "rancher-machine"])("with the real %s", (program) => {
  const tools = findTools({
    dockerMachine: program,
    docker: null,
    environment: { PATH: searchPath, HOME: "/nonexistent" },
    simulatedCloudDirectory: null,
  });
  // Nobody listens there.
  const machine = machineOf({ driver: "none", driverConfig: { url: "tcp://127.0.0.1:9" } });
  const isThere = isOnPath(program);

  test.skipIf(!isThere)("a machine is made, comes back elsewhere with the right paths, and is removed", async () => {
    const { result, checkpoints, progress } = await runWork(buildCreate(tools), tools, { machine });
    expect(result).toMatchObject({
      transitioning: "no",
      machine: { ipAddress: "127.0.0.1", url: "tcp://127.0.0.1:9", engineVersion: null, providerId: null, ssh: null },
    });
    const { machineName, driverConfig, engine } = machine;
    const preview = await previewCommand(tools, "none", { machineName, driverConfig, engine });
    expect(preview.command).toEqual([program, "create", "-d", "none", "--url", "tcp://127.0.0.1:9", machineName]);
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(progress.map(({ stage }) => stage)).toContain("certificates");

    const directory = join(await temporaryDirectory(), "else where");
    const { manifest } = await unpackArchive(result.machine.archive!, directory, machine.machineName);
    const record = await readFile(join(directory, "machines", machine.machineName, "config.json"), "utf8");
    expect(record).not.toContain(manifest.storePath);
    expect(JSON.parse(record)).toMatchObject({
      Driver: { StorePath: directory },
      HostOptions: { AuthOptions: { CaCertPath: `${directory}/certs/ca.pem` } },
    });
    expect((await readdir(join(directory, "certs"))).sort()).toEqual(["ca-key.pem", "ca.pem", "cert.pem", "key.pem"]);

    const archive = result.machine.archive!;
    // Its own engine is not there, which is said in its own words.
    const bootstrap = await runWork(buildBootstrap(tools), tools, { machine: { ...machine, archive }, agent: launch });
    expect(bootstrap.result).toMatchObject({ transitioning: "error", code: "driver.failed" });
    expect(bootstrap.result.message).toMatch(/^The machine's Docker engine cannot be reached: /);
    expect(bootstrap.result.message).toMatch(/connection refused/);

    const removed = await runWork(buildDelete(tools), tools, { machine: { ...machine, archive } });
    expect(removed.result).toMatchObject({ transitioning: "no", machine: { archive: null } });
    expect(removed.log).toContainEqual({ stream: "stdout", line: `Successfully removed ${machine.machineName}` });
  });

  test.skipIf(!isThere)("a wrong token is told in the cloud driver's words, and nothing is left", async () => {
    // Nothing is sent: the driver asks through a proxy that nobody serves.
    const closed = findTools({
      ...tools.config,
      environment: { ...tools.config.environment, HTTPS_PROXY: "http://127.0.0.1:9" },
    });
    const digitalocean = machineOf({ driver: "digitalocean", driverConfig: { accessToken: "t0ken-t0ken" } });
    const { result, log } = await runWork(buildCreate(closed), closed, { machine: digitalocean });
    expect(result).toMatchObject({ transitioning: "error", code: "driver.failed", machine: { archive: null } });
    expect(result.message).toMatch(/^Get "?https:\/\/api\.digitalocean\.com\/v2\/regions.*connection refused/);
    expect(JSON.stringify(log)).not.toContain("t0ken-t0ken");
  });

  test.skipIf(!isThere)("every core driver that it lists has readable options", async () => {
    const drivers = await catalogueOf(tools).list();
    expect(drivers.map(({ name }) => name)).toEqual(expect.arrayContaining(["amazonec2", "generic", "openstack"]));
    for (const { name } of drivers.filter((driver) => driver.name !== "simulated" && driver.unavailable === null)) {
      const { driver } = await requireDriver(tools, name);
      expect(driver.options.filter(({ type }) => type === "unknown")).toEqual([]);
    }
  });
});
