import { useState } from "react";
import type { CheckedConfig, ConfigKey } from "../../../../src/contracts/index.ts";
import { ofProject, post } from "../../api/request.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { ConfigEntries } from "./config-entries.tsx";
import { ConfigField } from "./config-field.tsx";
import { SearchField } from "../../parts/search-field.tsx";

/** A field for each key, with the help text that docs/configuration.md has. A change is written into the text. */
export function ConfigForm({
  text,
  values,
  faults,
  onChange,
}: {
  text: string;
  values: Record<string, unknown>;
  faults: CheckedConfig["faults"];
  onChange: (text: string) => void;
}) {
  const project = useProject();
  const { data: keys = [] } = useOfProject<ConfigKey[]>("config/keys", {}, { staleTime: Infinity });
  const [search, setSearch] = useState("");
  const [isWritten, setWritten] = useState(false);
  const set = async (key: string | readonly (string | number)[], value: unknown): Promise<void> => {
    const body = value === undefined ? { text, key } : { text, key, value };
    onChange((await post<{ text: string }>(ofProject(project, "config/key"), body)).text);
  };
  const wanted = search.trim().toLowerCase();
  const shown = keys.filter(
    ({ key, help }) =>
      (!isWritten || values[key] !== undefined) && `${key} ${help}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className="row filters">
        <SearchField value={search} onChange={setSearch} placeholder="a key, or words of its help" />
        <label className="check">
          <input type="checkbox" checked={isWritten} onChange={(event) => setWritten(event.target.checked)} />
          only what the file says
        </label>
      </div>
      {/* While the text is no YAML, a field cannot be written into it. */}
      <fieldset
        className="fields"
        disabled={faults.some(({ text: fault }) => fault.includes("expected `key: value`"))}
      >
        <legend className="hidden">Keys</legend>
        {shown.map((key) =>
          key.fields ? (
            <ConfigEntries
              key={key.key}
              field={key}
              value={values[key.key]}
              faults={faults.map(({ text: fault }) => fault)}
              set={(path, value) => void set(path, value)}
            />
          ) : (
            <ConfigField
              key={key.key}
              field={key}
              value={values[key.key]}
              fault={faults.find((fault) => fault.text.includes(`\`${key.key}\``))?.text}
              onChange={(value) => void set(key.key, value)}
            />
          ),
        )}
      </fieldset>
    </>
  );
}
