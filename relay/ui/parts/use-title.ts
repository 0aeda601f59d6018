// Names the view in the tab and in the browser's history: `Handlers · machine-relay`.
import { useEffect } from "preact/hooks";

const product = "machine-relay";

/** What the view shows, the most telling first: `web-1`, `Handlers`. Whoever covers the view may say another for as long. */
export function useTitle(name: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${name} · ${product}`;
    return () => {
      document.title = before;
    };
  }, [name]);
}
