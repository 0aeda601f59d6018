// The few icons of the page, drawn here: nothing is fetched. Each has a shape of its own, so that colour is never all.
const paths = {
  active: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 5.2-4.2 4.9-2.9-2.6.9-1 1.9 1.7 3.2-3.8Z",
  working: "M8 1a7 7 0 0 1 7 7h-2a5 5 0 0 0-5-5Z",
  error: "M8 1.2 15.5 14.5H.5Zm-.8 4.6v4.2h1.6V5.8Zm0 5.2v1.6h1.6V11Z",
  deleting:
    "M6 1.5h4l.6 1.2H14v1.5H2V2.7h3.4ZM3.2 5.5h9.6L12 14.5H4Zm2.9 1.6.3 5.8h1.1l-.2-5.8Zm2.6 0-.2 5.8h1.1l.3-5.8Z",
  deleted: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4.5 7.2h7v1.6h-7Z",
  waiting: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM5.4 5h1.8v6H5.4Zm3.4 0h1.8v6H8.8Z",
  copy: "M5 1h9v10h-2v3H2V4h3Zm1.5 1.5V4H12v5.5h.5v-7ZM3.5 5.5v7h7v-7Z",
  check: "m6.3 12.5-4.1-4 1.1-1.2 3 2.9 6.4-6.7 1.1 1Z",
  close: "m3.5 2.4 4.5 4.5 4.5-4.5 1.1 1.1L9.1 8l4.5 4.5-1.1 1.1L8 9.1l-4.5 4.5-1.1-1.1L6.9 8 2.4 3.5Z",
  plus: "M7.2 2h1.6v5.2H14v1.6H8.8V14H7.2V8.8H2V7.2h5.2Z",
  search:
    "M6.8 1.5a5.3 5.3 0 1 0 3.2 9.5l3.6 3.6 1.1-1.1L11 9.9a5.3 5.3 0 0 0-4.2-8.4Zm0 1.6a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4Z",
  theme: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.6v10.8A5.4 5.4 0 0 1 8 2.6Z",
  up: "M8 4.5 13.5 11h-11Z",
  down: "M8 11.5 2.5 5h11Z",
  state: "M8 1 15 8l-7 7-7-7Zm0 2.3L3.3 8 8 12.7 12.7 8Z",
  send: "M1.5 2 15 8 1.5 14l2-6Zm3.4 6.8-.9 2.7L10 8.8Z",
  save: "M2 2h9.5L14 4.5V14H2Zm2.5 1.5v3h6v-3ZM8 8.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  edit: "m11 1.5 3.5 3.5-9 9H2v-3.5Zm0 2.1-1.4 1.4 1.4 1.4L12.4 5Z",
  agent: "M2 2.5h12v8.5H9v1.5h2.5V14h-7v-1.5H7V11H2Zm1.6 1.6v5.3h8.8V4.1Z",
  play: "M4 2.5 13.5 8 4 13.5Z",
  download: "M7.2 1.5h1.6v6.3l2.4-2.4 1.1 1.1L8 10.8 3.7 6.5l1.1-1.1 2.4 2.4ZM2 12.5h12v1.6H2Z",
  info: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.9 3h1.8v1.7H7.1Zm0 2.8h1.8V12H7.1Z",
} as const;
export type IconName = keyof typeof paths;

/** Decoration: what it means stands beside it in words. */
export function Icon({ name, spins = false }: { name: IconName; spins?: boolean }) {
  return (
    <svg class={spins ? "icon spins" : "icon"} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill-rule="evenodd" />
    </svg>
  );
}
