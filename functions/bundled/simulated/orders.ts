// What a simulated machine can be ordered to do: the driver's options, read back from its record.

export const removeModes = ["ok", "fail", "lie", "fail-once", "gone-is-error"] as const;
export const bootstrapModes = ["ok", "fail", "hang"] as const;
export const agentModes = ["ok", "silent"] as const;
export type RemoveMode = (typeof removeModes)[number];
export type BootstrapMode = (typeof bootstrapModes)[number];
export type AgentMode = (typeof agentModes)[number];

/** By docker-machine's record, or by the id that a census found. */
export type RemovalWay = "rm" | "destroy";

/** The stages of a create, in order. An order for a stage is carried out after the stage's own line. */
export const stageNames = [
  "certificates",
  "pre-create",
  "creating",
  "starting",
  "running",
  "detecting",
  "ssh",
  "provisioner",
  "provisioning",
  "local-certificates",
  "remote-certificates",
  "configuring",
  "checking",
] as const;
export type StageName = (typeof stageNames)[number];

export interface Orders {
  accessToken: string;
  durationMs: number;
  failAt: StageName | "";
  failMessage: string;
  hangAt: StageName | "";
  dieAt: StageName | "";
  lateVmMs: number;
  loseAnswer: boolean;
  linesPerSecond: number;
  remove: RemoveMode;
  bootstrap: BootstrapMode;
  agent: AgentMode;
  region: string;
  size: string;
}

/** What the provider refuses. */
export const wrongAccessToken = "wrong";
/** The engine that all simulated machines say they have. */
export const engineVersion = "28.5.2-simulated";
export const enginePort = 2376;
