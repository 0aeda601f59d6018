// An error in the words of whoever said it, whole, and beneath it what they mean, where we know.
import type { Failure } from "./situation.ts";

export function FailureWords({ error }: { error: Failure }) {
  const { meaning, remains } = error;
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="machine-words" aria-label="The error's own words" tabIndex={0}>
        <pre>{error.message}</pre>
      </section>
      <p class="soft machine-code">
        Code: <span class="code">{error.code}</span>
      </p>
      {(meaning || remains) && (
        <dl class="machine-meaning">
          {meaning && (
            <div>
              <dt>What it means</dt>
              <dd>{meaning.means}</dd>
            </div>
          )}
          {remains && (
            <div>
              <dt>What is left</dt>
              <dd>
                {remains === "nothing"
                  ? "Nothing: what was made has been removed."
                  : "Something may still be at the provider, and cost money: retry or delete, both remove it first."}
              </dd>
            </div>
          )}
          {meaning && (
            <div>
              <dt>What to do</dt>
              <dd>{meaning.todo}</dd>
            </div>
          )}
        </dl>
      )}
    </>
  );
}
