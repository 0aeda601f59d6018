// What our own error codes mean. Data.
import type { Entry } from "./meaning.ts";

const configuration = "Mend the handler's address or its settings; it is tried again by itself.";
const byItself = "Nothing, if it is a moment only: it is tried again by itself.";
const brokenFunction: Entry = [
  "What answers at the handler's address does not keep to the contract.",
  configuration,
  "no",
];

export const codes: Readonly<Record<string, Entry>> = {
  "driver.failed": ["docker-machine failed.", "Read its words and the log, then try again.", "yes"],
  "driver.timeout": [
    "docker-machine took longer than it may, and was stopped.",
    "Read in the log what it waited for, then try again.",
    "yes",
  ],
  "driver.notFound": [
    "There is no driver of this name where the functions run.",
    "Install docker-machine-driver-… there, then try again; or delete this machine and choose another driver.",
    "changed",
  ],
  "driver.unavailable": [
    "The program of this driver is not there, where the functions run.",
    "Install it there (npm run get-docker-machine), then try again.",
    "changed",
  ],
  "docker.unavailable": [
    "There is no docker client where the functions run, so the agent cannot be started.",
    "Install one there, then try again.",
    "changed",
  ],
  "agent.failed": [
    "The machine is there, but the agent could not be started on it.",
    "Read what the agent said; look whether the machine can reach the relay, then try again.",
    "yes",
  ],
  "agent.timeout": [
    "The machine is there, but starting the agent took longer than it may.",
    "Look whether the machine is slow, or its network is, then try again.",
    "yes",
  ],
  "archive.none": [
    "What docker-machine knew of the machine is gone, so nobody can reach its Docker.",
    "Delete the machine and create another one like it.",
    "no",
  ],
  "archive.invalid": [
    "What docker-machine knew of the machine cannot be read.",
    "Delete the machine and create another one like it; look at the provider for what is left of it.",
    "no",
  ],
  "archive.tooLarge": [
    "What docker-machine keeps of the machine is larger than it may be.",
    "Leave out large files among the options, then try again.",
    "changed",
  ],
  "archive.otherProgram": [
    "Another program has made this machine, and this one cannot go on from there.",
    "Start the functions with the program that made it, then try again.",
    "changed",
  ],
  "outcome.unknown": [
    "Whether the provider has a virtual machine cannot be found out from here.",
    "Look there, and say here what you found.",
    "no",
  ],
  "machine.forgotten": [
    "The machine was deleted by force: nobody asked the provider.",
    "Look at the provider whether something is left, and remove it there: it may cost money.",
    "no",
  ],
  "machine.nameInvalid": [
    "docker-machine takes no machine of this name.",
    "Delete it and create one with another name.",
    "no",
  ],
  "machine.nameRefused": [
    "The provider takes no machine of this name.",
    "Delete it and create one with another name.",
    "no",
  ],
  "image.notFound": [
    "The provider has no image of the kind that is taken where nobody names one.",
    "Look up an image there, name it in the options, then try again.",
    "changed",
  ],
  "event.invalid": [
    "The functions do not understand what the relay asks of them: they are of different versions, as a rule.",
    "Start both from the same version, then try again.",
    "changed",
  ],
  "event.stale": ["The event was too old when its turn came.", byItself, "yes"],
  "forwarder.failed": ["The relay itself failed while it asked.", "Read the relay's log; it is tried again.", "yes"],
  "handler.error": ["The handler failed, and gave no code.", "Read its words, then try again.", "yes"],
  "handler.missing": [
    "A handler that has its part in this is not there any more.",
    "Put it back on the handlers' page: it goes on at once.",
    "changed",
  ],
  "handler.absent": [
    "Nobody listens for this event on the bus.",
    "Start the subscriber; it goes on as soon as that listens.",
    "changed",
  ],
  "handler.silent": [
    "The handler was asked, and gave no sign of life.",
    "Look whether it runs; it is asked again by itself.",
    "later",
  ],
  "handler.noUrl": ["The handler has no address to be asked at.", "Give it one on the handlers' page.", "changed"],
  "function.unreachable": [
    "Nobody answers at the handler's address: the functions do not run there, or the way is blocked.",
    "Start them, or mend the address on the handlers' page; it is tried again by itself.",
    "later",
  ],
  "function.slow": ["The functions were reached, and did not answer in time.", byItself, "later"],
  "function.silent": ["The functions fell silent in the middle of the work.", byItself, "later"],
  "function.lost": ["The connection to the functions ended before they replied.", byItself, "later"],
  "function.busy": ["The functions have enough to do, and said when to come back.", byItself, "later"],
  "function.running": ["An earlier run is not over yet.", byItself, "later"],
  "function.runUnknown": [
    "The functions were started anew, as a rule: they do not know the work that was under way.",
    "Nothing: once the old run is surely over, it is begun again by itself.",
    "later",
  ],
  "function.ended": ["The work was stopped before it was done: a shutdown, or its time was over.", byItself, "later"],
  "function.leaseOver": [
    "Nothing was heard of a run for too long, so it counts as over.",
    "Nothing: the next one looks first at what it has left.",
    "later",
  ],
  "function.cancelled": ["The functions had been told to cancel this.", byItself, "later"],
  "function.rejected": [
    "The functions refused the event.",
    "Read their words; as a rule an option has to change.",
    "changed",
  ],
  "function.unauthorized": [
    "The functions do not accept the relay's secret.",
    "Set FUNCTIONS_SECRET to the same on both sides; it is tried again by itself.",
    "changed",
  ],
  "function.failed": ["The functions failed by a defect of their own.", "Read their log, then try again.", "yes"],
  "function.notFound": ["There is no function at the handler's address.", configuration, "changed"],
  "function.redirect": ["The handler's address leads elsewhere.", configuration, "changed"],
  "function.unexpectedStatus": brokenFunction,
  "function.nonsense": brokenFunction,
  "function.tooLarge": brokenFunction,
};

/** For codes that are not listed: also those that come later. */
export const families: readonly (readonly [prefix: string, entry: Entry])[] = [
  ["option.", ["An option does not fit the driver.", "Change it in the options, then try again.", "changed"]],
  ["request.", ["The functions do not understand what they are asked.", configuration, "no"]],
  ["function.", brokenFunction],
];
