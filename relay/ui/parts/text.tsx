// Text that somebody else wrote: its direction marks end where it ends, and however long it is, it breaks.
export function Text({ children }: { children: string }) {
  return <bdi class="text">{children}</bdi>;
}
