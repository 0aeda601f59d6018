#!/usr/bin/env node
// A program with docker-machine's commands, words, streams and exit codes. Its machines are files in a directory.
import { runDockerMachine } from "../machine/run.ts";
import { simulatedDriver } from "./machine/driver.ts";

await runDockerMachine(simulatedDriver);
