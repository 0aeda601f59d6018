// `npm run cloud`: an EC2 and a DigitalOcean on this machine for a person to play with. Ctrl-C removes all of it.
import closeWithGrace from "close-with-grace";
import { bridgeAddress, startEngine } from "../engine.ts";
import { makeHostImages } from "../images.ts";
import { startCloud, whatIsMissingForCloud } from "./cloud.ts";
import { startControl } from "./control.ts";
import { describeCloud } from "./description.ts";

const agentPort = 8082;
const minute = 60_000;
/** A limit: hosts and the engine are gone within seconds. */
const removedMsMax = 3 * minute;

const missing = await whatIsMissingForCloud();
if (missing) {
  console.error(`A cloud on this machine needs ${missing}, which is not here. See .ci/run for all that it needs.`);
  process.exit(1);
}
const everything = new AsyncDisposableStack();
// Before anything is started: a Ctrl-C in the middle of it removes what there is.
closeWithGrace({ delay: removedMsMax, logger: false }, async ({ err }) => {
  if (err) console.error(err);
  console.log("Removing everything…");
  await everything.disposeAsync();
});
console.log("Starting a Docker engine, and making the image of a host where that was never done: a minute or two.");
const engine = await startEngine();
everything.defer(() => engine.stop());
await makeHostImages();
const cloud = everything.use(await startCloud());
const control = everything.use(await startControl(cloud));
console.log(describeCloud(cloud, { controlUrl: control.url, agentAddress: `${bridgeAddress}:${agentPort}` }));
