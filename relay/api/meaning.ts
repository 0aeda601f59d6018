// What can be said of an error beside its own words.

/** `later`: as it is, after a while · `changed`: once something is changed · `no`: not by itself. */
export type RetryHelps = "yes" | "later" | "changed" | "no";

export interface Meaning {
  means: string;
  todo: string;
  retry: RetryHelps;
}

/** A meaning as a row of the tables. */
export type Entry = readonly [means: string, todo: string, retry: RetryHelps];
