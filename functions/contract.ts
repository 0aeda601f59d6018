// What relay and functions say to each other: every shape on the wire between them, and the few rules that both must
// read in the same way. This is the only file of functions/ that relay/ may import.
//
// event       asks one handler to do its part of a process
// reply       answers an event: "yes" = progress, "no" = done, "error" = failed
// run         one start of the work of an event; kept while it is joined
// invocation  a run, as the function sees it
// lease       how long a run may live without hearing from the relay
// checkpoint  the machine's archive, saved while the work still runs
// archive     docker-machine's storage directory for one machine: tar.gz, base64
import Type from "typebox";

const second = 1000;
const minute = 60 * second;

/** Times that both sides count with. A function beats this often; the relay renews as often. */
export const beatEveryMs = 5 * second;
/** How long a run lives without a renewal, unless the event says otherwise. */
export const leaseMsDefault = 60 * second;
/** How long the work of one event may take, unless the function's configuration says otherwise. */
export const deadlineMsDefault = 30 * minute;
/** How long after an unclean end a cloud call may still make something. */
export const settleMsDefault = 60 * second;
/** The largest archive that is packed, sent, or unpacked (compressed, in bytes). */
export const archiveBytesMax = 4 * 1024 * 1024;
/** The largest event or reply, in bytes: an archive in base64 and what is around it. */
export const messageBytesMax = 8 * 1024 * 1024;
/** A longer line of output is cut, and says so. */
export const logLineCharactersMax = 8 * 1024;

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const PositiveInteger = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** The value of a driver option. An option that names a file takes the file's content. */
export const OptionValue = Type.Union([
  Type.String({ maxLength: 65_536 }),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 65_536 }), { maxItems: 200 }),
  Type.Object({ content: Type.String({ maxLength: 262_144 }) }, { additionalProperties: false }),
]);
export type OptionValue = Type.Static<typeof OptionValue>;

const OptionName = Type.String({ pattern: "^[A-Za-z][A-Za-z0-9-]{0,99}$" });
const optionsMax = 200;

/** Options by name: camelCase or kebab-case, with or without the driver's prefix (`accessToken`, `access-token`). */
export const DriverConfig = Type.Record(OptionName, OptionValue, { maxProperties: optionsMax });
export type DriverConfig = Type.Static<typeof DriverConfig>;
/** Laid over the options of a machine; null removes one. */
export const DriverConfigChange = Type.Record(OptionName, Nullable(OptionValue), { maxProperties: optionsMax });
export type DriverConfigChange = Type.Static<typeof DriverConfigChange>;

const ShortText = Type.String({ maxLength: 4096 });
const TextMap = Type.Record(Type.String({ minLength: 1, maxLength: 256 }), ShortText, { maxProperties: 200 });
const TextList = Type.Array(ShortText, { maxItems: 200 });

/** docker-machine's `--engine-…` options. */
export const EngineOptions = Type.Object(
  {
    installUrl: Type.Optional(ShortText),
    options: Type.Optional(TextList),
    environment: Type.Optional(TextMap),
    insecureRegistries: Type.Optional(TextList),
    labels: Type.Optional(TextMap),
    registryMirrors: Type.Optional(TextList),
    storageDriver: Type.Optional(ShortText),
  },
  { additionalProperties: false },
);
export type EngineOptions = Type.Static<typeof EngineOptions>;

/** What a person found at the provider, where nobody else can look: `POST /v1/machines/{id}/resolve`. */
export const Resolved = Type.Union([
  Type.Object({ outcome: Type.Literal("nothing") }, { additionalProperties: false }),
  Type.Object(
    { outcome: Type.Literal("providerId"), providerId: Type.String({ minLength: 1, maxLength: 200 }) },
    { additionalProperties: false },
  ),
]);
export type Resolved = Type.Static<typeof Resolved>;

const MachineName = Type.String({ pattern: "^[0-9A-Za-z][0-9A-Za-z.-]{0,99}$" });

/** A machine as an event carries it: everything that a function needs, secrets included. */
export const EventMachine = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  name: Type.String({ minLength: 1, maxLength: 100 }),
  /** docker-machine's own name for it: `<name>-<8 lower-case characters of its id>`. */
  machineName: MachineName,
  driver: Type.String({ pattern: "^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$" }),
  driverConfig: DriverConfig,
  engine: EngineOptions,
  labels: TextMap,
  archive: Nullable(Type.String({ maxLength: messageBytesMax })),
  resolved: Nullable(Resolved),
  /**
   * null: every run so far is known to have ended cleanly. A number: one ended by its lease or otherwise unclean, and a
   * cloud call of it may make something for that many more milliseconds (0: no longer, but nobody has looked since).
   */
  unsettledMs: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
  ipAddress: Type.Optional(Nullable(Type.String())),
});
export type EventMachine = Type.Static<typeof EventMachine>;

/** The container that bootstrap starts on the new host: `docker run` with these. */
export const AgentLaunch = Type.Object({
  image: Type.String({ minLength: 1, maxLength: 500 }),
  command: Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 100 }),
  /** Given by environment variable, because the values hold the token. */
  environment: TextMap,
  volumes: TextList,
});
export type AgentLaunch = Type.Static<typeof AgentLaunch>;

/** Named so everywhere, so that running bootstrap twice leaves one agent and delete finds it. */
export const agentContainerName = "machine-relay-agent";

/** The body of `POST /create`, `/bootstrap` and `/delete`. */
export const Event = Type.Object({
  id: Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  resourceType: Type.String({ minLength: 1, maxLength: 64 }),
  resourceId: Type.String({ minLength: 1, maxLength: 64 }),
  replyTo: Type.String({ minLength: 1, maxLength: 200 }),
  time: Type.Integer({ minimum: 0 }),
  /** How often this event has been fired. For display. */
  attempt: Type.Optional(PositiveInteger),
  run: Type.Optional(PositiveInteger),
  join: Type.Optional(Type.Boolean()),
  /** Absent: the invocation lives as long as its connection. */
  leaseMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 60 * minute })),
  /** Sent to a handler that keeps no leases: when its work is over at the latest. */
  deadlineMs: Type.Optional(PositiveInteger),
  data: Type.Object({ machine: EventMachine, agent: Type.Optional(AgentLaunch) }),
});
export type Event = Type.Static<typeof Event>;

/** How to reach a machine by SSH. */
export const SshAccess = Type.Object(
  {
    // Both are put into a command line that people copy.
    user: Type.String({ pattern: "^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}$" }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    keyFile: Nullable(
      Type.String({
        pattern: "^[A-Za-z0-9_][A-Za-z0-9_./-]{0,499}$",
        description: "The private key's path in the machine's archive; null: it is not in there.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type SshAccess = Type.Static<typeof SshAccess>;

/** The fields of a machine that a reply may set; `+labels` merges into the map. */
export const ReplyMachine = Type.Object(
  {
    archive: Type.Optional(Nullable(Type.String({ maxLength: messageBytesMax }))),
    ipAddress: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    engineVersion: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    url: Type.Optional(Nullable(Type.String({ maxLength: 500 }))),
    providerId: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    ssh: Type.Optional(Nullable(SshAccess)),
    labels: Type.Optional(TextMap),
    "+labels": Type.Optional(TextMap),
  },
  { additionalProperties: false },
);
export type ReplyMachine = Type.Static<typeof ReplyMachine>;

/** An answer to an event. `transitioning` absent, null or "no" means done. */
export const Reply = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    previousIds: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 10 }),
    resourceType: Type.String({ minLength: 1, maxLength: 64 }),
    resourceId: Type.String({ minLength: 1, maxLength: 64 }),
    run: Type.Optional(PositiveInteger),
    transitioning: Type.Optional(
      Nullable(Type.Union([Type.Literal("yes"), Type.Literal("no"), Type.Literal("error")])),
    ),
    transitioningMessage: Type.Optional(Nullable(Type.String({ maxLength: 65_536 }))),
    transitioningProgress: Type.Optional(Nullable(Type.Number({ minimum: 0, maximum: 100 }))),
    /** With "error": a stable word for it. `outcome.unknown` makes the process wait for a person's `resolve`. */
    code: Type.Optional(Nullable(Type.String({ pattern: "^[a-z][A-Za-z0-9.]{0,99}$" }))),
    data: Type.Optional(
      Nullable(Type.Object({ machine: Type.Optional(ReplyMachine) }, { additionalProperties: false })),
    ),
  },
  { additionalProperties: false },
);
export type Reply = Type.Static<typeof Reply>;

/** The code of an error reply that says: only a look at the provider tells whether a VM exists. */
export const outcomeUnknown = "outcome.unknown";

/** The messages of an invocation's stream, by the name of their server-sent event. */
export const StreamMessages = {
  beat: Type.Object({ number: PositiveInteger }),
  progress: Type.Object({
    message: Type.String({ maxLength: 65_536 }),
    progress: Nullable(Type.Number({ minimum: 0, maximum: 100 })),
    stage: Nullable(Type.String({ maxLength: 100 })),
  }),
  log: Type.Object({
    stream: Type.Union([Type.Literal("stdout"), Type.Literal("stderr"), Type.Literal("note")]),
    line: Type.String({ maxLength: 4 * logLineCharactersMax }),
  }),
  checkpoint: Type.Object({ number: PositiveInteger, archive: Type.String({ maxLength: messageBytesMax }) }),
  reply: Reply,
  /** The run stopped without a reply: its lease, its deadline or a cancel. Clean: its group is known to be empty. */
  ended: Type.Object({ clean: Type.Boolean(), reason: Type.String({ maxLength: 4096 }) }),
} as const;
export type Beat = Type.Static<typeof StreamMessages.beat>;
export type Progress = Type.Static<typeof StreamMessages.progress>;
export type LogLine = Type.Static<typeof StreamMessages.log>;
export type Checkpoint = Type.Static<typeof StreamMessages.checkpoint>;
export type Ended = Type.Static<typeof StreamMessages.ended>;
export type StreamMessage =
  | { event: "beat"; data: Beat }
  | { event: "progress"; data: Progress }
  | { event: "log"; data: LogLine }
  | { event: "checkpoint"; data: Checkpoint }
  | { event: "reply"; data: Reply }
  | { event: "ended"; data: Ended };

/**
 * The body of `POST /invocations/{eventId}`: renews the lease, counted from the moment the named beat was sent;
 * acknowledges checkpoints up to that number (0: none yet), and the reply once it is on the relay's disk.
 */
export const Renewal = Type.Object(
  {
    run: PositiveInteger,
    beat: PositiveInteger,
    checkpoint: Type.Integer({ minimum: 0 }),
    reply: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type Renewal = Type.Static<typeof Renewal>;

/** What `GET` and `DELETE /invocations/{eventId}` answer: all that is known of a run. */
export const InvocationState = Type.Object({
  eventId: Type.String(),
  run: PositiveInteger,
  state: Type.Union([Type.Literal("running"), Type.Literal("over")]),
  /** Null while it runs. */
  ended: Nullable(StreamMessages.ended),
  /** The newest one, if it is not acknowledged yet. */
  checkpoint: Nullable(StreamMessages.checkpoint),
  reply: Nullable(Reply),
});
export type InvocationState = Type.Static<typeof InvocationState>;

/** A value that is added where nobody gives one, because the driver's own default is dead. Not tried on the live cloud. */
export const Recommendation = Type.Object({
  /** Null: looked up at the provider when a machine is made. */
  value: Nullable(Type.String()),
  lookUp: Nullable(Type.String({ description: "What is looked up, in words." })),
  reason: Type.String(),
  source: Type.String({ description: "Where the reason can be read." }),
});
export type Recommendation = Type.Static<typeof Recommendation>;

/** An option as the driver's own help describes it. */
export const DriverOption = Type.Object({
  /** camelCase, without the driver's prefix: the key in `driverConfig`. */
  name: Type.String(),
  /** As docker-machine takes it, with its dashes: `--digitalocean-access-token`. */
  flag: Type.String(),
  type: Type.Union([Type.Literal("text"), Type.Literal("boolean"), Type.Literal("list"), Type.Literal("unknown")]),
  default: Nullable(Type.String()),
  text: Type.String(),
  environmentVariable: Nullable(Type.String()),
  /** That variable is set where the function runs, so nobody has to give the option. Absent: nobody knows. */
  isSetThere: Type.Optional(Type.Boolean()),
  isSecret: Type.Boolean(),
  /** It names a file on docker-machine's side, so its value is `{"content": "…"}`. */
  isFile: Type.Boolean(),
  recommended: Type.Optional(Nullable(Recommendation)),
});
export type DriverOption = Type.Static<typeof DriverOption>;

/** `GET /drivers` answers `{drivers: Driver[]}` without options; `GET /drivers/{name}` one with them. */
export const Driver = Type.Object({
  name: Type.String(),
  /** The program that serves it. Null: not available here. */
  program: Nullable(Type.Object({ name: Type.String(), version: Type.String(), path: Type.String() })),
  /** Why it is not available and how to get it; null when it is. */
  unavailable: Nullable(Type.String()),
  /** Its machines are not real. */
  isSimulated: Type.Boolean(),
  options: Type.Optional(Type.Array(DriverOption)),
});
export type Driver = Type.Static<typeof Driver>;

/** The body of `POST /drivers/{name}/command`. Any secret and the content of any file may be the mask. */
export const CommandRequest = Type.Object(
  {
    machineName: MachineName,
    driverConfig: DriverConfig,
    engine: EngineOptions,
    /** True: a create with these would begin now. False: somebody may still be typing. */
    isComplete: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type CommandRequest = Type.Static<typeof CommandRequest>;

/** A recommended value that was added. */
export const AddedValue = Type.Object({
  option: Type.String(),
  value: Type.String({ description: "In brackets: what will be looked up." }),
  reason: Type.String(),
});
export type AddedValue = Type.Static<typeof AddedValue>;

/** Its answer: the line that a create with these options would run. No secret is in it. */
export const CommandPreview = Type.Object({
  command: Type.Array(Type.String(), { description: "The program's own name first, then its arguments." }),
  environment: Type.Array(Type.String(), { description: "The variables that carry secrets to it." }),
  files: Type.Array(Type.String(), { description: "The options whose content is written to a file for it." }),
  added: Type.Optional(Type.Array(AddedValue, { description: "Values in it that nobody gave." })),
});
export type CommandPreview = Type.Static<typeof CommandPreview>;

/** RFC 9457. `code` is stable; `field`, `expected` and `got` say what was wrong with the input. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  field: Type.Optional(Type.String()),
  expected: Type.Optional(Type.String()),
  got: Type.Optional(Type.String()),
});
export type Problem = Type.Static<typeof Problem>;
export const problemContentType = "application/problem+json";

/** A word in the name of an option or a variable that makes its value a secret, in every answer, log and page. */
const secretWords =
  /secret|token|password|passwd|passphrase|credential|(api|access|private|auth)[-_.]?key|user[-_.]?data|encoded[-_.]?json/i;
/** Names that hold such a word and are no secrets: numbers, switches and paths of public things. */
const publicNames = /^(ssh-?user|ssh-?port|keypair-?name|ssh-?key-?fingerprint)$/i;

/** Must the value of this option be kept out of everything that a person can read? */
export function isSecretOption(name: string, value?: OptionValue): boolean {
  // The content of a file is one as a rule: a key, a credential, a user-data script with tokens in it.
  if (typeof value === "object" && !Array.isArray(value)) return true;
  return secretWords.test(name) && !publicNames.test(name);
}

/** Stands where a secret is. Given in place of one it says that there is one, and not which. */
export const secretMask = "********";

/** Is there an address with a user or a password in this text, such as a proxy's? */
export function holdsCredentials(text: string): boolean {
  return /:\/\/[^/\s]+@/.test(text);
}

/** Those of the engine's texts that are secrets, by their names: `["environment.HTTP_PROXY", "http://…"]`. */
export function listEngineSecrets(engine: EngineOptions): [name: string, value: string][] {
  const texts = Object.entries(engine).flatMap(([name, value]): [string, string][] =>
    typeof value === "object"
      ? Object.entries(value).map(([inner, text]) => [`${name}.${inner}`, text])
      : [[name, value]],
  );
  return texts.filter(
    ([name, value]) =>
      value === secretMask || holdsCredentials(value) || (name.startsWith("environment.") && isSecretOption(name)),
  );
}

/**
 * The value of an option as it may be passed on where nobody needs the secret. What decides how a secret is given (the
 * commas of a list, a byte that no argument may have) stays.
 */
export function hideSecret({ type, isSecret, isFile }: DriverOption, value: OptionValue): OptionValue {
  if (isFile) return value === secretMask || isContent(value) ? { content: secretMask } : value;
  if (!isSecret || typeof value === "boolean" || isContent(value)) return value;
  const hidden = type === "list" ? /[^,\0]+/g : /[^\0]+/g;
  if (Array.isArray(value)) return value.map((text) => text.replace(hidden, secretMask));
  return String(value).replace(hidden, secretMask);
}

const isContent = (value: OptionValue): value is { content: string } =>
  typeof value === "object" && !Array.isArray(value);

/** A proxy or a mirror may have its password in its address, and a variable may be called after what it holds. */
export function hideEngineSecrets(engine: EngineOptions): EngineOptions {
  const secrets = new Set(listEngineSecrets(engine).map(([, value]) => value));
  return JSON.parse(JSON.stringify(engine), (_name, value) => (secrets.has(value) ? secretMask : value));
}
