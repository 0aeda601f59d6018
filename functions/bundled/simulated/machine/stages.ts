// The stages of a create: what docker-machine says at each, how much of the time it takes, and how its failure reads.
import type { StageName } from "../orders.ts";

export interface Stage {
  /** `{name}` stands for the machine's name. The certificates' lines name files, so create prints them itself. */
  lines: readonly string[];
  /** Of all shares together. */
  share: number;
  errorPrefix: string;
}

const inDriver = "Error creating machine: Error in driver during machine creation: ";
const waiting = "Error creating machine: Error waiting for machine to be running: ";
const detecting = "Error creating machine: Error detecting OS: ";
const provisioning = "Error creating machine: Error running provisioning: ";
const checking = "Error creating machine: Error checking the host: ";

export const stages: Readonly<Record<StageName, Stage>> = {
  certificates: stage(2, "Error generating certificates: "),
  "pre-create": stage(3, "Error with pre-create check: ", "Running pre-create checks..."),
  creating: stage(20, inDriver, "Creating machine...", "({name}) Creating SSH key...", "({name}) Creating VM..."),
  starting: stage(10, inDriver, "({name}) Waiting for an address..."),
  running: stage(15, waiting, "Waiting for machine to be running, this may take a few minutes..."),
  detecting: stage(5, detecting, "Detecting operating system of created instance..."),
  ssh: stage(10, detecting, "Waiting for SSH to be available..."),
  provisioner: stage(3, detecting, "Detecting the provisioner..."),
  provisioning: stage(15, provisioning, "Provisioning with simulated..."),
  "local-certificates": stage(2, provisioning, "Copying certs to the local machine directory..."),
  "remote-certificates": stage(5, provisioning, "Copying certs to the remote machine..."),
  configuring: stage(5, provisioning, "Setting Docker configuration on the remote daemon..."),
  checking: stage(5, checking, "Checking connection to Docker..."),
};

export const shareTotal = Object.values(stages).reduce((total, { share }) => total + share, 0);

function stage(share: number, errorPrefix: string, ...lines: string[]): Stage {
  return { lines, share, errorPrefix };
}
