// A page to read the OpenAPI document on: made from the document alone, so that it cannot say anything else. Pure.
import { describeSchema, type Schema } from "./expected.ts";
import { type Html, html, page } from "./html.ts";

export interface OpenApi {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
}
interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema?: Described }> };
  responses?: Record<string, { description?: string }>;
}
/** What most people come for stands first. */
const groupOrder = ["machines", "processes", "handlers", "drivers", "event bus", "agents", "about", "health"];
type Described = Schema & { description?: string; required?: string[] };

export function renderDocs({ info, paths = {} }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const groupOf = ({ operation }: { operation: Operation }) => operation.tags?.[0] ?? "other";
  const rank = (name: string) => (groupOrder.includes(name) ? groupOrder.indexOf(name) : groupOrder.length);
  const groups = Map.groupBy(
    operations.toSorted((a, b) => rank(groupOf(a)) - rank(groupOf(b))),
    groupOf,
  );
  return page(
    `${info.title} ${info.version}: API`,
    html`<h1>${info.title} ${info.version}</h1>
<p>${info.description} The same for programs: <a href="/openapi.json">/openapi.json</a>. Errors are problem+json
(RFC 9457) with a stable <code>code</code>.</p>
<nav>${[...groups.keys()].map((name) => html`<a href="#${slug(name)}">${name}</a> `)}</nav>
${[...groups].map(
  ([name, members]) => html`<section id="${slug(name)}"><h2>${name}</h2>${members.map(renderOperation)}</section>
`,
)}`,
  );
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): Html {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  return html`
<h3><span class="method">${method}</span> <code>${path}</code></h3>
<p>${prose(`${sentence(operation.summary)} ${operation.description ?? ""}`)}</p>
${renderFields([
  ...(operation.parameters ?? []).map(({ name, in: place, required = false, description, schema }) => ({
    name,
    place,
    required,
    text: `${describeSchema(schema)}. ${description ?? ""}`,
  })),
  ...fieldsOf(body),
])}
<p class="quiet">Answers: ${prose(
    Object.entries(operation.responses ?? {})
      .map(([status, { description }]) => `${status} ${description === "Default Response" ? "" : description}`.trim())
      .join(" · "),
  )}</p>`;
}

interface Field {
  name: string;
  place: string;
  required: boolean;
  text: string;
}

function fieldsOf(body: Described | undefined): Field[] {
  return Object.entries((body?.properties ?? {}) as Record<string, Described>).map(([name, schema]) => ({
    name,
    place: "body",
    required: body?.required?.includes(name) ?? false,
    text: `${describeSchema(schema)}. ${schema.description ?? ""}`,
  }));
}

function renderFields(fields: Field[]): Html | null {
  if (fields.length === 0) return null;
  return html`<table>${fields.map(
    ({ name, place, required, text }) =>
      html`<tr><td><code>${name}</code></td><td>${place}${required ? ", required" : ""}</td><td>${prose(text)}</td></tr>`,
  )}</table>`;
}

function sentence(text = ""): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** Descriptions are written with `code` between backticks. */
function prose(text: string): Html[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

function slug(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/gi, "-");
}
