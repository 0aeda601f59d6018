// What is wrong with what was entered, by field: put together from what the form sees and what the API said. Pure.

/** What is wrong, at its field. */
export interface Mistakes {
  driver?: string;
  name?: string;
  count?: string;
  labels?: string;
  options: Readonly<Record<string, string>>;
  /** By the first part of its place: `environment`. */
  engine: Readonly<Record<string, string>>;
}

export const noMistakes: Mistakes = Object.freeze({ options: {}, engine: {} });

export const hasMistakes = ({ options, engine, ...fields }: Mistakes): boolean =>
  [options, engine, fields].some((each) => Object.keys(each).length > 0);

/** What `first` says of a field counts. */
export function joinMistakes(first: Mistakes, second: Mistakes): Mistakes {
  return {
    ...second,
    ...first,
    options: { ...second.options, ...first.options },
    engine: { ...second.engine, ...first.engine },
  };
}
