// Something that a person should know here: an error, a warning, a fact.
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

type Kind = "error" | "warning" | "info";
const icons: Record<Kind, IconName> = { error: "error", warning: "error", info: "info" };

export function Notice({ kind, children }: { kind: Kind; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${kind}`} {...(kind === "error" ? { role: "alert" } : {})}>
      <Icon name={icons[kind]} />
      <div>{children}</div>
    </div>
  );
}
