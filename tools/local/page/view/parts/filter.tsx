interface FilterProps {
  /** What it narrows down, for those who do not see it. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field that narrows a list down to what holds its text. */
export function Filter({ label, placeholder, value, onChange }: FilterProps) {
  return (
    <label class="filter">
      <span class="hidden">{label}</span>
      <input
        type="search"
        placeholder={placeholder}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
