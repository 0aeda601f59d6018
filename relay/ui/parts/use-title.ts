// Names the view in the tab and in the browser's history: `Handlers · machine-relay`.
import { useEffect } from "preact/hooks";

const product = "machine-relay";

/** What the view shows, the most telling first. Undefined: not known yet. Whoever covers the view may say another for as long. */
export function useTitle(name: string | undefined): void {
  useEffect(() => {
    const before = document.title;
    document.title = name === undefined ? product : `${name} · ${product}`;
    return () => {
      document.title = before;
    };
  }, [name]);
}
