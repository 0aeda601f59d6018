// Another URL for a handler: tried first, then used.
import { useState } from "preact/hooks";
import type { CheckView, HandlerView } from "../../api/handler-view.ts";
import { ApiError } from "../client/ask.ts";
import { putHandler } from "../client/handlers.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { isGood } from "./health.ts";
import { UrlField } from "./url-field.tsx";

export interface ChangeUrlDialogProps {
  handler: HandlerView;
  onClose(): void;
  onChanged(changed: HandlerView): void;
}

export function ChangeUrlDialog({ handler, onClose, onChanged }: ChangeUrlDialogProps) {
  const [url, setUrl] = useState(handler.url ?? "");
  const [check, setCheck] = useState<CheckView | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const isBadUrl = problem instanceof ApiError && problem.field === "url";
  const isTested = check !== null && isGood(check);
  const isSame = url.trim() === handler.url;

  async function use(): Promise<void> {
    setSaving(true);
    setProblem(undefined);
    try {
      onChanged(await putHandler(handler.name, { url: url.trim() }));
    } catch (failure) {
      setProblem(failure);
      setSaving(false);
    }
  }

  return (
    <Dialog title={`${handler.url === null ? "Give" : "Change"} the URL of ${handler.name}`} onClose={onClose}>
      <UrlField
        name={handler.name}
        url={url}
        error={isBadUrl ? problem.message : undefined}
        onUrl={(value) => {
          setUrl(value);
          setProblem(undefined);
        }}
        check={check}
        onCheck={setCheck}
      />
      <p class="soft">
        {handler.url === null
          ? "It no longer listens on the bus then: a machine that a listener works on now is finished by that listener."
          : "Runs under way end where they began; everything from now on goes to the new URL."}
      </p>
      {check && !isTested && (
        <Notice kind="warning">
          If it is used all the same, machines that need it are tried again and again until it works.
        </Notice>
      )}
      {problem !== undefined && !isBadUrl && <Problem error={problem} />}
      <div class="actions">
        <button type="button" class="main" disabled={!isTested || isSaving || isSame} onClick={() => void use()}>
          {isSaving ? "Saving…" : "Use it"}
        </button>
        {!isTested && (
          <button
            type="button"
            disabled={isSaving || isSame || url.trim() === ""}
            onClick={() => void use()}
            title="Without a good test"
          >
            Use it anyway, {check ? "though the test failed" : "without a test"}
          </button>
        )}
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
      {isSame && <p class="soft handlers-same">This is the URL that it has.</p>}
    </Dialog>
  );
}
