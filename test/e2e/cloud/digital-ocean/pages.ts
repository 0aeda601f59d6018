// One page of a list, with the links to the others. Pure.

const perPageDefault = 20;
const perPageMax = 200;

/** @param url with `page` and `per_page`, as it was asked for */
export function pageOf<Item>(name: string, items: readonly Item[], url: URL) {
  const number = (key: string, otherwise: number) => Math.max(1, Number(url.searchParams.get(key)) || otherwise);
  const perPage = Math.min(perPageMax, number("per_page", perPageDefault));
  const page = number("page", 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number) => {
    const address = new URL(url);
    address.searchParams.set("page", String(to));
    address.searchParams.set("per_page", String(perPage));
    return address.href;
  };
  const pages = {
    ...(page > 1 && { first: link(1), prev: link(page - 1) }),
    ...(page < last && { next: link(page + 1), last: link(last) }),
  };
  return {
    [name]: items.slice((page - 1) * perPage, page * perPage),
    links: Object.keys(pages).length > 0 ? { pages } : {},
    meta: { total: items.length },
  };
}
