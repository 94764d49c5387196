import type { CheckedConfig } from "../../../../src/contracts/index.ts";

/** The text with its lines numbered; a line with a fault is marked. */
export function ConfigSource({
  text,
  faults,
  onChange,
}: {
  text: string;
  faults: CheckedConfig["faults"];
  onChange: (text: string) => void;
}) {
  const lines = text.split("\n");
  const faulty = new Set(faults.map(({ line }) => line));
  return (
    <div className="source">
      <ol aria-hidden="true">
        {lines.map((_, index) => (
          <li key={index} className={faulty.has(index + 1) ? "faulty" : undefined}>
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        aria-label="lorag.yaml"
        aria-invalid={faults.length > 0}
        spellCheck={false}
        wrap="off"
        rows={Math.max(16, lines.length)}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
