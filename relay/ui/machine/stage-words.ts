// What a stage or a process is called on the page. Pure.

/** Those of our own functions; another handler's are shown as it calls them. */
const words: Readonly<Record<string, string>> = {
  contacting: "Contact the provider",
  settling: "Settle earlier attempts",
  certificates: "Certificates",
  checks: "Checks before it",
  image: "Find the image",
  key: "SSH key",
  network: "Network",
  machine: "Make the machine",
  address: "Wait for an address",
  boot: "Boot",
  ssh: "Wait for SSH",
  provisioning: "Install Docker",
  engine: "Check Docker",
  created: "Created",
  connecting: "Connect to Docker",
  pull: "Pull the agent's image",
  agent: "Start the agent",
  removing: "Remove",
};

/** At the beginning of a sentence. */
export const nameProcess = (process: string): string => process.slice(0, 1).toUpperCase() + process.slice(1);

export const nameStage = (stage: string): string => (Object.hasOwn(words, stage) ? words[stage] : undefined) ?? stage;
