// A page of a list, as every list of the API answers it.
export interface Page<T> {
  data: T[];
  /** Give it back as `cursor`; null: this was the last page. */
  next: string | null;
}
