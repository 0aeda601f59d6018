// Which function serves which event, whether it works, and how to swap it.
import "./handlers.css";
import { useState } from "preact/hooks";
import type { HandlerView } from "../../api/handler-view.ts";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/problem.tsx";
import { useTitle } from "../parts/use-title.ts";
import { AddDialog, type AddDialogProps } from "./add-dialog.tsx";
import { ChainPicture } from "./chain-picture.tsx";
import { ownOrder, readChains } from "./chains.ts";
import { ChangeUrlDialog } from "./change-url-dialog.tsx";
import { HandlerRow } from "./handler-row.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { useHandlers } from "./use-handlers.ts";

type Open =
  | { dialog: "add"; start?: NonNullable<AddDialogProps["start"]> }
  | { dialog: "url" | "remove"; handler: HandlerView };

const columns = ["Order", "Handler", "Served by", "Health", "In flight", "Waiting", "Mean time", "Replies", "Errors"];

export function Handlers() {
  useTitle("Handlers");
  const { handlers, error, looks, noteChange } = useHandlers();
  const [open, setOpen] = useState<Open>();
  /** The URL that a handler had before somebody changed it here. */
  const [former, setFormer] = useState<ReadonlyMap<string, string>>(new Map());
  const close = () => setOpen(undefined);

  return (
    <main class="handlers">
      <div class="row handlers-head">
        <h1>Handlers</h1>
        <button type="button" class="main" disabled={!handlers} onClick={() => setOpen({ dialog: "add" })}>
          <Icon name="plus" /> Add a handler
        </button>
      </div>
      <p class="soft">
        A machine's event goes to its handlers in order: the next one is asked when the one before has answered.
      </p>
      {error !== undefined && <Problem error={error} />}
      {handlers && (
        <table class="handlers-table">
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span class="unseen">What can be done</span>
              </th>
            </tr>
          </thead>
          {readChains(handlers).map((chain) => (
            <tbody key={chain.event}>
              <tr class="handlers-event">
                <th scope="rowgroup" colSpan={columns.length + 1}>
                  <ChainPicture
                    chain={chain}
                    onAdd={(name) =>
                      setOpen({ dialog: "add", start: { name, event: chain.event, order: String(ownOrder) } })
                    }
                  />
                </th>
              </tr>
              {chain.handlers.map((handler) => (
                <HandlerRow
                  key={handler.name}
                  handler={handler}
                  look={looks.get(handler.name)}
                  formerUrl={former.get(handler.name) ?? null}
                  columns={columns}
                  onChangeUrl={() => setOpen({ dialog: "url", handler })}
                  onRemove={() => setOpen({ dialog: "remove", handler })}
                />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {open?.dialog === "add" && (
        <AddDialog
          handlers={handlers ?? []}
          {...(open.start ? { start: open.start } : {})}
          onClose={close}
          onAdded={noteChange}
        />
      )}
      {open?.dialog === "url" && (
        <ChangeUrlDialog
          handler={open.handler}
          onClose={close}
          onChanged={({ name, url }) => {
            const before = open.handler.url;
            if (before !== null && before !== url) setFormer((old) => new Map(old).set(name, before));
            noteChange();
            close();
          }}
        />
      )}
      {open?.dialog === "remove" && (
        <RemoveDialog
          handler={open.handler}
          onClose={close}
          onRemoved={() => {
            noteChange();
            close();
          }}
        />
      )}
    </main>
  );
}
