// How values that SQLite does not know are kept in columns: booleans as 0 and 1, shapes as JSON.

export const fromBoolean = (value: boolean): number => (value ? 1 : 0);
export const fromJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
/** The column was written by this program, so its shape is the one that its table says. */
export const toJson = <T>(column: string | null): T => (column === null ? null : JSON.parse(column)) as T;
