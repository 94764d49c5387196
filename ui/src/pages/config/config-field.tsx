import { useEffect, useId, useState } from "react";
import type { ConfigKey } from "../../../../src/contracts/index.ts";
import { Coded } from "../../parts/coded.tsx";

/** One key: its value, or its default in grey. What is emptied is taken out of the file. */
export function ConfigField({
  field,
  value,
  fault,
  onChange,
}: {
  field: ConfigKey;
  value: unknown;
  fault: string | undefined;
  onChange: (value: unknown) => void;
}) {
  const id = useId();
  const standard = field.default === undefined ? "" : oneLine(field.default);
  const props = { id, "aria-describedby": `${id}-help`, "aria-invalid": fault !== undefined };
  return (
    <div className="field">
      <label htmlFor={id}>
        <code>{field.key}</code>
      </label>
      {field.kind === "choice" || field.kind === "boolean" ? (
        <select
          {...props}
          value={value === undefined ? "" : String(value)}
          onChange={(event) => onChange(asValue(field, event.target.value))}
        >
          <option value="">{standard === "" ? "not set" : `default: ${standard}`}</option>
          {(field.choices ?? ["true", "false"]).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : field.kind === "other" ? (
        <output {...props} className="written">
          {value === undefined ? <span className="meta">default: {standard || "none"}</span> : oneLine(value)}{" "}
          <span className="meta">change it in YAML</span>
        </output>
      ) : (
        <TextField props={props} field={field} value={value} standard={standard} onChange={onChange} />
      )}
      <p id={`${id}-help`} className="meta">
        {fault === undefined ? <Coded text={field.help} /> : <span className="failed">{fault}</span>}
      </p>
    </div>
  );
}

/** Written into the text when the field is left or Enter is pressed. */
function TextField({
  props,
  field,
  value,
  standard,
  onChange,
}: {
  props: { id: string; "aria-describedby": string; "aria-invalid": boolean };
  field: ConfigKey;
  value: unknown;
  standard: string;
  onChange: (value: unknown) => void;
}) {
  const written = value === undefined ? "" : oneLine(value);
  const [draft, setDraft] = useState(written);
  useEffect(() => setDraft(written), [written]);
  const commit = (): void => {
    if (draft !== written) onChange(asValue(field, draft));
  };
  return (
    <input
      {...props}
      value={draft}
      placeholder={standard}
      inputMode={field.kind === "text" ? "text" : "decimal"}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    />
  );
}

function asValue({ kind }: ConfigKey, text: string): unknown {
  if (text.trim() === "") return undefined;
  if (kind === "boolean") return text === "true";
  if (kind === "number" || kind === "integer") {
    const number = Number(text);
    // What is no number is written as it is, and the check says so.
    return Number.isFinite(number) ? number : text;
  }
  return text;
}

const oneLine = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
