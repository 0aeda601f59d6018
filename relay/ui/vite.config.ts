// Builds the page into relay/ui/dist, from where the relay serves it. Everything local: nothing is fetched from elsewhere.
import { defineConfig } from "vite";

const root = new URL(".", import.meta.url).pathname;

export default defineConfig({
  root,
  // Plain calls of `h` are shorter than those of the automatic runtime, by some 1 KB of the whole.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false },
    jsxInject: 'import { h, Fragment } from "preact";',
  },
  build: {
    target: "es2023",
    // The first that know light-dark(): for older ones each colour would be written three times.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "assets",
    // One script for a page this small, so there is nothing to preload.
    modulePreload: false,
    reportCompressedSize: true,
  },
  logLevel: "warn",
});
