// A machine as the API shows it, for tests: active and real, unless they say otherwise.
import type { MachineView } from "../../../../relay/api/machine-view.ts";

export function viewOf(change: Partial<MachineView> = {}): MachineView {
  return {
    id: "mch_1",
    name: "web-1",
    machineName: "web-1-k3f9q2ab",
    driver: "digitalocean",
    driverConfig: {},
    engine: {},
    labels: {},
    state: "active",
    transitioning: "no",
    transitioningMessage: null,
    transitioningProgress: null,
    stage: null,
    error: null,
    ipAddress: "203.0.113.7",
    url: "tcp://203.0.113.7:2376",
    engineVersion: "28.5.2",
    providerId: "4711",
    simulated: false,
    resolved: null,
    unsettledSince: null,
    hasArchive: true,
    ssh: null,
    agent: { state: "connected", lastSeen: 1, engineVersion: null, containers: [] },
    process: null,
    createdAt: 1,
    updatedAt: 1,
    deletedAt: null,
    ...change,
  };
}

export function processOf(change: Partial<NonNullable<MachineView["process"]>> = {}): MachineView["process"] {
  return {
    id: "prc_1",
    name: "create",
    state: "running",
    startedAt: 1,
    attempt: 1,
    nextFireAt: 1_000,
    waitingFor: null,
    error: null,
    ...change,
  };
}
