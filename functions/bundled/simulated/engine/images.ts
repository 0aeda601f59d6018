// The images of a simulated engine: whatever is pulled is there, and nothing is in it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../directories.ts";
import { Failure, print } from "../../program.ts";
import { writeAtomically } from "../cloud.ts";
import type { Engine } from "./engine.ts";

export interface Image {
  id: string;
  /** With its tag or digest: `docker:28-cli`. */
  reference: string;
  pulledAt: string;
}

interface Reference {
  /** As people write it. */
  short: string;
  /** As registries know it. */
  full: string;
  repository: string;
  tag: string;
  hasTag: boolean;
}

const referencePattern = /^([a-z0-9]+(?:[._:/-]+[a-z0-9]+)*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Null: it is not there. @throws Failure when the name is none */
export function findImage(engine: Engine, name: string): Image | null {
  const file = imageFile(engine, parseReference(name));
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Image) : null;
}

/** @throws Failure when the name is none */
export function pullImage(engine: Engine, name: string, stream: "stdout" | "stderr" | null): Image {
  const reference = parseReference(name);
  const isNew = findImage(engine, name) === null;
  const image = {
    id: `sha256:${hash(reference.full)}`,
    reference: reference.short,
    pulledAt: new Date().toISOString(),
  };
  makeDirectory(join(engine.directory, "images"));
  writeAtomically(engine.cloud, imageFile(engine, reference), image);
  if (stream === null) return image;
  print(stream, `${reference.tag}: Pulling from ${reference.repository}`);
  if (isNew) print(stream, `${hash(image.id).slice(0, 12)}: Pull complete`);
  print(stream, `Digest: sha256:${hash(`digest of ${reference.full}`)}`);
  print(
    stream,
    isNew
      ? `Status: Downloaded newer image for ${reference.short}`
      : `Status: Image is up to date for ${reference.short}`,
  );
  return image;
}

export function pull(engine: Engine, name: string, isQuiet: boolean): void {
  const reference = parseReference(name);
  if (!reference.hasTag && !isQuiet) print("stdout", "Using default tag: latest");
  pullImage(engine, name, isQuiet ? null : "stdout");
  print("stdout", reference.full);
}

/** What `docker image inspect` shows of it. */
export function describeImage(image: Image): Record<string, unknown> {
  const { reference, id, pulledAt } = image;
  return {
    Id: id,
    RepoTags: [reference],
    RepoDigests: [],
    Created: pulledAt,
    Architecture: "amd64",
    Os: "linux",
    Size: 0,
  };
}

/** @throws Failure in docker's words */
export function parseReference(name: string): Reference {
  const [, path, tag, digest] = referencePattern.exec(name) ?? [];
  if (path === undefined) throw new Failure("invalid reference format");
  const [first = ""] = path.split("/");
  const hasRegistry = path.includes("/") && (/[.:]/.test(first) || first === "localhost");
  const repository = hasRegistry ? path.slice(first.length + 1) : path.includes("/") ? path : `library/${path}`;
  const suffix = digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`;
  return {
    short: `${path}${suffix}`,
    full: `${hasRegistry ? first : "docker.io"}/${repository}${suffix}`,
    repository,
    tag: digest ?? tag ?? "latest",
    hasTag: tag !== undefined || digest !== undefined,
  };
}

function imageFile(engine: Engine, { full }: Reference): string {
  return join(engine.directory, "images", `${hash(full)}.json`);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
