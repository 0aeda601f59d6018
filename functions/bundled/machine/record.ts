// A machine's config.json, in docker-machine's own shape.
import { join } from "node:path";
import type { CommandLine } from "./flags.ts";

export interface DriverRecord {
  IPAddress: string;
  MachineName: string;
  SSHUser: string;
  SSHPort: number;
  SSHKeyPath: string;
  StorePath: string;
  SwarmMaster: boolean;
  SwarmHost: string;
  SwarmDiscovery: string;
  /** The driver's own: its options, and the provider's id, empty until the provider's answer was heard. */
  [field: string]: unknown;
}

export interface AuthOptions {
  CertDir: string;
  CaCertPath: string;
  CaPrivateKeyPath: string;
  ServerCertPath: string;
  ServerKeyPath: string;
  ClientKeyPath: string;
  ClientCertPath: string;
  StorePath: string;
  [option: string]: unknown;
}

export interface MachineRecord {
  ConfigVersion: number;
  Driver: DriverRecord;
  DriverName: string;
  HostOptions: { AuthOptions: AuthOptions; [part: string]: unknown };
  Name: string;
}

const configVersion = 3;

export function newRecord(
  driver: string,
  name: string,
  storePath: string,
  line: CommandLine,
  driverFields: Readonly<Record<string, unknown>>,
): MachineRecord {
  return {
    ConfigVersion: configVersion,
    Driver: {
      IPAddress: "",
      MachineName: name,
      SSHUser: "root",
      SSHPort: 22,
      SSHKeyPath: join(storePath, "machines", name, "id_rsa"),
      StorePath: storePath,
      SwarmMaster: line.switches["swarm-master"]!,
      SwarmHost: "",
      SwarmDiscovery: line.texts["swarm-discovery"]!,
      ...driverFields,
    },
    DriverName: driver,
    HostOptions: {
      Driver: "",
      Memory: 0,
      Disk: 0,
      EngineOptions: engineOptions(line),
      SwarmOptions: swarmOptions(line),
      AuthOptions: authOptions(name, storePath, line),
    },
    Name: name,
  };
}

function engineOptions({ lists, texts }: CommandLine): Record<string, unknown> {
  return {
    ArbitraryFlags: lists["engine-opt"],
    Dns: null,
    GraphDir: "",
    Env: lists["engine-env"],
    Ipv6: false,
    InsecureRegistry: lists["engine-insecure-registry"],
    Labels: lists["engine-label"],
    LogLevel: "",
    StorageDriver: texts["engine-storage-driver"],
    SelinuxEnabled: false,
    TlsVerify: true,
    RegistryMirror: lists["engine-registry-mirror"],
    InstallURL: texts["engine-install-url"],
  };
}

function swarmOptions({ lists, switches, texts }: CommandLine): Record<string, unknown> {
  return {
    IsSwarm: switches.swarm,
    Address: texts["swarm-addr"],
    Discovery: texts["swarm-discovery"],
    Agent: false,
    Master: switches["swarm-master"],
    Host: texts["swarm-host"],
    Image: texts["swarm-image"],
    Strategy: texts["swarm-strategy"],
    Heartbeat: 0,
    Overcommit: 0,
    ArbitraryFlags: lists["swarm-opt"],
    ArbitraryJoinFlags: lists["swarm-join-opt"],
    Env: null,
    IsExperimental: switches["swarm-experimental"],
  };
}

function authOptions(name: string, storePath: string, line: CommandLine): AuthOptions {
  const certificates = join(storePath, "certs");
  const machine = join(storePath, "machines", name);
  return {
    CertDir: certificates,
    CaCertPath: join(certificates, "ca.pem"),
    CaPrivateKeyPath: join(certificates, "ca-key.pem"),
    CaCertRemotePath: "",
    ServerCertPath: join(machine, "server.pem"),
    ServerKeyPath: join(machine, "server-key.pem"),
    ClientKeyPath: join(certificates, "key.pem"),
    ServerCertRemotePath: "",
    ServerKeyRemotePath: "",
    ClientCertPath: join(certificates, "cert.pem"),
    ServerCertSANs: line.lists["tls-san"],
    StorePath: machine,
  };
}
