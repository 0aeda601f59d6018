// Options as rows of a table: one for each value, whatever it is made of. Pure.

/** `["environment.HTTP_PROXY", "http://…"]`, `["insecureRegistries", "a"]`, `["insecureRegistries", "b"]`. */
export function optionRows(options: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  return Object.keys(options)
    .sort()
    .flatMap((name): [string, string][] => {
      const value = options[name];
      if (Array.isArray(value)) return value.map((each) => [name, textOf(each)]);
      if (typeof value === "object" && value !== null) {
        return Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, textOf(each)]);
      }
      return [[name, textOf(value)]];
    });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
