// What the address says of the list: what is shown, in which order, which page. Pure.

export const sortColumns = ["name", "state", "progress", "driver", "address", "agent", "age"] as const;
export type SortColumn = (typeof sortColumns)[number];
export const stateFilters = [
  "attention",
  "busy",
  "requested",
  "creating",
  "created",
  "bootstrapping",
  "active",
  "error",
  "deleting",
  "deleted",
] as const;
/** Empty: all that are not deleted. `busy`: on their way to active. `attention`: a person should look. */
export type StateFilter = (typeof stateFilters)[number] | "";

export interface Sort {
  column: SortColumn;
  isDescending: boolean;
}

export interface ListQuery {
  search: string;
  state: StateFilter;
  driver: string;
  /** `name=value`, or `name` with any value. */
  label: string;
  sort: Sort;
  /** From 0. */
  page: number;
}

/** The youngest first. */
const sortDefault: Sort = { column: "age", isDescending: false };

/** Whatever somebody typed into the address, the list is one that can be. */
export function readListQuery(query: Readonly<Record<string, string>>): ListQuery {
  return {
    search: query.search ?? "",
    state: stateFilters.find((state) => state === query.state) ?? "",
    driver: query.driver ?? "",
    label: query.label ?? "",
    sort: readSort(query.sort ?? ""),
    page: /^[1-9]\d{0,5}$/.test(query.page ?? "") ? Number(query.page) - 1 : 0,
  };
}

/** What is as always is left out, so that `/` is the list as one finds it. */
export function writeListQuery({ search, state, driver, label, sort, page }: ListQuery): string {
  const isDefaultSort = sort.column === sortDefault.column && sort.isDescending === sortDefault.isDescending;
  const values = {
    search,
    state,
    driver,
    label,
    sort: isDefaultSort ? "" : writeSort(sort),
    page: page === 0 ? "" : String(page + 1),
  };
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();
  return text === "" ? "/" : `/?${text}`;
}

export function isFiltered({ search, state, driver, label }: ListQuery): boolean {
  return search !== "" || state !== "" || driver !== "" || label !== "";
}

/** `name`; `-name` the other way round. */
export function writeSort({ column, isDescending }: Sort): string {
  return isDescending ? `-${column}` : column;
}

export function readSort(text: string): Sort {
  const isDescending = text.startsWith("-");
  const column = sortColumns.find((name) => name === (isDescending ? text.slice(1) : text));
  return column ? { column, isDescending } : sortDefault;
}

/** The same column again turns the order round. */
export function sortBy(before: Sort, column: SortColumn): Sort {
  return { column, isDescending: before.column === column && !before.isDescending };
}
