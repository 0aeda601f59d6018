// The form of a new handler: what is wrong with it, the request that it makes, and the lines for whoever will listen. Pure.

export interface NewHandler {
  name: string;
  event: string;
  order: string;
  /** It is called at a URL, or it listens on the bus. */
  way: "url" | "bus";
  url: string;
  /** Of one that listens. Empty: an operator's key. */
  key: string;
}

export type NewHandlerErrors = Partial<Record<keyof NewHandler, string>>;

const keyCharactersMin = 16;

/** Only what the API could not say better, or would understand differently. */
export function checkNewHandler(form: NewHandler, takenNames: readonly string[]): NewHandlerErrors {
  const errors: NewHandlerErrors = {};
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(form.name)) {
    errors.name = "1 to 64 of a–z, 0–9, . _ -, beginning with a letter or digit";
  } else if (takenNames.includes(form.name)) {
    // A PUT would change that one.
    errors.name = "There is a handler of this name.";
  }
  if (!/^-?\d+$/.test(form.order.trim())) errors.order = "A whole number; ours stand at 100.";
  if (form.way === "url" && form.url.trim() === "") errors.url = "Where its events are POSTed: http://…";
  if (form.way === "bus" && form.key !== "" && !/^[\x21-\x7e]{16,500}$/.test(form.key)) {
    errors.key = `At least ${keyCharactersMin} plain characters without a space.`;
  }
  return errors;
}

export function toRow(form: NewHandler): { event: string; order: number; url: string | null; key?: string } {
  const isCalled = form.way === "url";
  return {
    event: form.event,
    order: Number(form.order),
    url: isCalled ? form.url.trim() : null,
    ...(isCalled || form.key === "" ? {} : { key: form.key }),
  };
}

export interface SubscribeLines {
  /** Puts the key into a file: as an argument every user of that host could read it. Null: it has none of its own. */
  keep: string | null;
  listen: string;
  /** Listens, and says of everything that it is done. */
  answer: string;
}

/** `origin`: where the reader reaches the relay. */
export function subscribeLines({ name, event, key }: NewHandler, origin: string): SubscribeLines {
  const file = `${name}.key`;
  const header = key === "" ? "" : ` -H @${file}`;
  const listen = `curl -sN ${origin}/v1/subscribe${header} -d 'eventNames=${event};handler=${name}'`;
  const reply = '{name: .replyTo, previousIds: [.id], resourceType, resourceId, transitioning: "no"}';
  const publish = `curl -s -o /dev/null ${origin}/v1/publish${header} -H 'content-type: application/json' -d @-`;
  return {
    keep: key === "" ? null : `(umask 077; printf '%s\\n' ${quoteForShell(`authorization: Bearer ${key}`)} >${file})`,
    listen,
    answer: [
      `${listen} |`,
      `  jq -c --unbuffered 'select(.replyTo) | ${reply}' |`,
      `  while read -r reply; do printf %s "$reply" | ${publish}; done`,
    ].join("\n"),
  };
}

const quoteForShell = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
