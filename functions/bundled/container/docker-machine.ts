#!/usr/bin/env node
// A program with docker-machine's commands, words, streams and exit codes. Its machines are containers of a local
// engine, each with an engine of its own.
import { runDockerMachine } from "../machine/run.ts";
import { containerDriver } from "./driver.ts";

await runDockerMachine(containerDriver);
