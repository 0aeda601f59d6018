// A field to search with: `/` leads to it, Esc empties it, and leaves it when it is empty.
export interface SearchFieldProps {
  value: string;
  label: string;
  placeholder?: string;
  onInput(value: string): void;
  /** 1: Enter. -1: Shift+Enter. */
  onEnter?(step: 1 | -1): void;
}

export function SearchField({ value, label, placeholder = "Search", onInput, onEnter }: SearchFieldProps) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && onEnter) {
          onEnter(event.shiftKey ? -1 : 1);
          event.preventDefault();
        }
        if (event.key !== "Escape") return;
        if (value === "") event.currentTarget.blur();
        else onInput("");
        event.preventDefault();
      }}
    />
  );
}
