// A line to run in a terminal, and a button that copies it.
import { CopyButton } from "./copy-button.tsx";

export function CodeLine({ text, label }: { text: string; label: string }) {
  return (
    <div class="code-line">
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <CopyButton text={text} />
    </div>
  );
}
