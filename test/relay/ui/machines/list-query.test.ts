import { describe, expect, test } from "vitest";
import { readListQuery, sortBy, writeListQuery } from "../../../../relay/ui/machines/list-query.ts";

const plain = {
  search: "",
  state: "",
  driver: "",
  label: "",
  sort: { column: "age", isDescending: false },
  page: 0,
} as const;

describe("the address of the list", () => {
  test("is / for the list as one finds it", () => {
    expect(readListQuery({})).toEqual(plain);
    expect(writeListQuery(plain)).toBe("/");
  });

  test.each([
    { ...plain, search: "a b&c=d" },
    { ...plain, state: "error", driver: "amazonec2" },
    { ...plain, label: "tier=web" },
    { ...plain, sort: { column: "name", isDescending: true }, page: 3 },
    { ...plain, sort: { column: "age", isDescending: true } },
  ] as const)("keeps %j", (query) => {
    const address = new URL(writeListQuery(query), "http://relay");
    expect(readListQuery(Object.fromEntries(address.searchParams))).toEqual(query);
  });

  test.each<Record<string, string>>([
    { state: "nonsense" },
    { sort: "shoe-size" },
    { sort: "-" },
    { page: "0" },
    { page: "-3" },
    { page: "1e9" },
  ])("means the plain list where somebody typed %j", (typed) => {
    expect(readListQuery(typed)).toEqual(plain);
  });
});

test("the same column again turns the order round, another one begins at its beginning", () => {
  const byName = sortBy({ column: "age", isDescending: true }, "name");
  expect(byName).toEqual({ column: "name", isDescending: false });
  expect(sortBy(byName, "name")).toEqual({ column: "name", isDescending: true });
  expect(sortBy({ column: "name", isDescending: true }, "name")).toEqual(byName);
});
