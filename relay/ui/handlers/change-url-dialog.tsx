// Another URL for a handler: tried first, then used.
import { useState } from "preact/hooks";
import type { CheckView, HandlerView } from "../../api/handler-view.ts";
import { putHandler } from "../client/handlers.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Notice } from "../parts/notice.tsx";
import { Problem } from "../parts/problem.tsx";
import { useRequest } from "../parts/use-request.ts";
import { isGood } from "./health.ts";
import { messageAt, UrlField } from "./url-field.tsx";

export interface ChangeUrlDialogProps {
  handler: HandlerView;
  onClose(): void;
  onChanged(changed: HandlerView): void;
}

export function ChangeUrlDialog({ handler, onClose, onChanged }: ChangeUrlDialogProps) {
  const [url, setUrl] = useState(handler.url ?? "");
  const [check, setCheck] = useState<CheckView | null>(null);
  const { isBusy, error, send, forget } = useRequest();
  const urlError = messageAt("url", error);
  const isTested = check !== null && isGood(check);
  const isSame = url.trim() === handler.url;
  const use = () => void send(() => putHandler(handler.name, { url: url.trim() }).then(onChanged));

  return (
    <Dialog title={`${handler.url === null ? "Give" : "Change"} the URL of ${handler.name}`} onClose={onClose} isFirm>
      <UrlField
        name={handler.name}
        url={url}
        error={urlError}
        onUrl={(value) => {
          setUrl(value);
          forget();
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
      {error !== undefined && urlError === undefined && <Problem error={error} />}
      <div class="actions">
        <button type="button" class="main" disabled={!isTested || isBusy || isSame} onClick={use}>
          {isBusy ? "Saving…" : "Use it"}
        </button>
        {!isTested && (
          <button type="button" disabled={isBusy || isSame || url.trim() === ""} onClick={use}>
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
