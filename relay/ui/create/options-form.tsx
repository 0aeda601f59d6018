// The options of a driver as a form, made from the driver's own help: the few that matter first, all others searched.
import { useRef, useState } from "preact/hooks";
import "./options-form.css";
import type { OptionValue } from "../../../functions/contract.ts";
import type { DriverView } from "../../api/driver-view.ts";
import { SearchField } from "../parts/search-field.tsx";
import { Disclosure } from "./disclosure.tsx";
import { splitOptions } from "./first-options.ts";
import { OptionField } from "./option-field.tsx";
import { type FormOption, isGiven, matchesSearch, type OptionValues } from "./option-values.ts";

export type { OptionValues };

export interface OptionsFormProps {
  driver: DriverView;
  values: OptionValues;
  onChange(values: OptionValues): void;
  /** What the API says is wrong, by the option's name. */
  errors: Readonly<Record<string, string>>;
  /** Secrets that the machine already has: they are kept unless something else is typed. */
  keptSecrets?: readonly string[];
  /** Secrets that were given before and must be given again. */
  lostSecrets?: readonly string[];
}

export function OptionsForm({
  driver,
  values,
  onChange,
  errors,
  keptSecrets = [],
  lostSecrets = [],
}: OptionsFormProps) {
  const [search, setSearch] = useState("");
  // A file is read while something else may be typed: each change is laid over the newest values.
  const newest = useRef(values);
  newest.current = values;
  const options: readonly FormOption[] = driver.options ?? [];
  const { first, rest } = splitOptions(driver.name, options);

  function change(name: string, value: OptionValue | undefined): void {
    const { [name]: _, ...others } = newest.current;
    newest.current = value === undefined ? others : { ...others, [name]: value };
    onChange(newest.current);
  }

  const field = (option: FormOption) => (
    <OptionField
      key={`${driver.name} ${option.name}`}
      option={option}
      value={values[option.name]}
      error={errors[option.name]}
      before={keptSecrets.includes(option.name) ? "kept" : lostSecrets.includes(option.name) ? "lost" : undefined}
      onChange={(value) => change(option.name, value)}
    />
  );
  const isLost = ({ name }: FormOption) => lostSecrets.includes(name) && !isGiven(values[name]);
  const needsLook = ({ name }: FormOption) => errors[name] !== undefined;
  const given = rest.filter(({ name }) => isGiven(values[name])).length;
  const lost = rest.filter(isLost).length;
  const note = [`${rest.length} more`, given > 0 && `${given} given`, lost > 0 && `${lost} to be given again`];
  // What is wrong is shown whatever is searched for.
  const found = rest.filter((option) => needsLook(option) || matchesSearch(option, search));

  if (options.length === 0) return <p class="soft">This driver has no options.</p>;
  return (
    <>
      <div class="options-grid">{first.map(field)}</div>
      {rest.length > 0 && (
        <Disclosure
          title="All options"
          note={note.filter(Boolean).join(", ")}
          mustOpen={rest.some(needsLook) || lost > 0}
        >
          <SearchField value={search} label="Search the options" placeholder="Search the options" onInput={setSearch} />
          <div class="options-grid">{found.map(field)}</div>
          {found.length === 0 && <p class="soft">No option has these words.</p>}
        </Disclosure>
      )}
    </>
  );
}
