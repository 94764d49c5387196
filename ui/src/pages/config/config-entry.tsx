import type { ConfigKey } from "../../../../src/contracts/index.ts";
import { ConfigField } from "./config-field.tsx";
import { isSection, type SetKey } from "./section.ts";

/** One section of a list: what it says, and a key more on demand. A bare name becomes a section with its first key. */
export function ConfigEntry({
  title,
  fields,
  value,
  faults,
  set,
}: {
  title: string;
  fields: readonly ConfigKey[];
  value: unknown;
  faults: readonly string[];
  set: SetKey;
}) {
  const preset = fields.find(({ key }) => key === "preset");
  const section = isSection(value) ? value : preset ? { name: value, preset: value } : undefined;
  const shown = fields.filter(({ key }) => section && at(section, key) !== undefined);
  const setField = (key: string, next: unknown): void => {
    if (isSection(value)) set(key.split("."), next);
    else if (key === "preset" && typeof next === "string") set([], next);
    else set([], nest({ ...section }, key.split("."), next));
  };
  return (
    <fieldset className="entry">
      <legend>{title}</legend>
      {section ? (
        <div className="fields">
          {shown.map((field) => (
            <ConfigField
              key={field.key}
              field={field}
              value={at(section, field.key)}
              fault={faults.find((fault) => fault.includes(`.${field.key}\``))}
              onChange={(next) => setField(field.key, next)}
            />
          ))}
        </div>
      ) : (
        <ConfigField
          field={{ key: title, kind: "text", help: "A hub name, a folder or a GGUF file of this machine." }}
          value={value}
          fault={faults[0]}
          onChange={(next) => set([], next)}
        />
      )}
      <div className="row">
        {section ? (
          <label>
            Say more of it
            <select value="" onChange={({ target }) => setField(target.value, initial(fields, target.value))}>
              <option value="">a key…</option>
              {fields
                .filter((field) => !shown.includes(field) && field.kind !== "other" && field.kind !== "list")
                .map(({ key, help }) => (
                  <option key={key} title={help}>
                    {key}
                  </option>
                ))}
            </select>
          </label>
        ) : null}
        <button type="button" className="quiet danger" onClick={() => set([], undefined)}>
          Remove {title}
        </button>
      </div>
    </fieldset>
  );
}

const at = (section: unknown, key: string): unknown =>
  key.split(".").reduce<unknown>((inner, part) => (isSection(inner) ? inner[part] : undefined), section);

/** A value to begin with, which the check has something to say of where it cannot be. */
function initial(fields: readonly ConfigKey[], key: string): unknown {
  const field = fields.find((one) => one.key === key);
  if (field?.default !== undefined) return field.default;
  if (field?.kind === "boolean") return true;
  if (field?.kind === "choice") return field.choices?.[0];
  if (field?.kind === "number" || field?.kind === "integer") return field.minimum ?? 1;
  return "?";
}

function nest(section: Record<string, unknown>, [key, ...rest]: string[], value: unknown): object {
  const inner = section[key!];
  return {
    ...section,
    [key!]: rest.length === 0 ? value : nest(isSection(inner) ? inner : {}, rest, value),
  };
}
