// The view that asks for machines: begins with what was entered before, with another machine, or with nothing.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import "./create.css";
import { getMachine } from "../client/machines.ts";
import { Problem } from "../parts/problem.tsx";
import { useTitle } from "../parts/use-title.ts";
import { CreateForm } from "./create-form.tsx";
import { type Draft, draftLike, emptyDraft } from "./draft.ts";
import { forgetDraft, readDraft } from "./saved-draft.ts";

/** `/create`, `/create?like=<id of a machine>` */
export function Create() {
  useTitle("Create a machine");
  const { query } = useLocation();
  const like = query.like || null;
  return <Beginning key={like} like={like} />;
}

function Beginning({ like }: { like: string | null }) {
  const [draft, setDraft] = useState(() => readDraftFor(like));
  const [error, setError] = useState<unknown>();
  // A new number makes a new form, with nothing of the old one in it.
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (draft !== null || like === null) return;
    let isCurrent = true;
    getMachine(like).then(
      (machine) => isCurrent && setDraft(draftLike(machine)),
      (problem: unknown) => {
        if (!isCurrent) return;
        setError(problem);
        setDraft({ ...emptyDraft, like });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [draft, like]);

  function startOver(): void {
    forgetDraft();
    setError(undefined);
    setDraft(readDraftFor(like));
    setRound(round + 1);
  }

  return (
    <main class="create">
      <header class="create-head">
        <h1>New machines</h1>
        {draft && (
          <button type="button" class="quiet" onClick={startOver}>
            Start over
          </button>
        )}
      </header>
      {error !== undefined && <Problem error={error} />}
      {draft && <CreateForm key={round} initial={draft} />}
    </main>
  );
}

/** Null: it has to be made of the other machine first. */
function readDraftFor(like: string | null): Draft | null {
  const saved = readDraft();
  if (saved?.like === like) return saved;
  return like === null ? emptyDraft : null;
}
