import { useId, useState } from "react";
import type { ConfigKey } from "../../../../src/contracts/index.ts";
import { Coded } from "../../parts/coded.tsx";
import { ConfigEntry } from "./config-entry.tsx";
import { isSection, type SetKey } from "./section.ts";

interface Place {
  at: string | number;
  title: string;
  value: unknown;
}

/** Sections in a list, as `arms` has them, or by name, as `models` does: each as a form of its own. */
export function ConfigEntries({
  field,
  value,
  faults,
  set,
}: {
  field: ConfigKey;
  value: unknown;
  faults: readonly string[];
  set: SetKey;
}) {
  const id = useId();
  const isNamed = field.kind === "named";
  const written = value ?? field.default;
  const places = isNamed ? placesByName(written) : placesInOrder(written);
  // What is not written yet is written whole with its first change: the default stays but for that.
  const change: SetKey = (path, next) => {
    if (value !== undefined || !Array.isArray(written)) set([field.key, ...path], next);
    else set([field.key], withEntry(written, Number(path[0]), next));
  };
  return (
    <section className="field entries" aria-labelledby={id}>
      <h3 id={id}>
        <code>{field.key}</code> {value === undefined ? <span className="meta">default</span> : null}
      </h3>
      <p className="meta">
        <Coded text={field.help} />
      </p>
      {places.map(({ at, title, value: entry }) => (
        <ConfigEntry
          key={at}
          title={title}
          fields={field.fields ?? []}
          value={entry}
          faults={faults.filter((fault) =>
            isNamed
              ? fault.startsWith(`\`${field.key}.${at}`)
              : fault.includes(` (entry ${Number(at) + 1})`) && fault.startsWith(`\`${field.key}`),
          )}
          set={(path, next) => change([at, ...path], next)}
        />
      ))}
      {isNamed ? (
        <AddByName taken={places.map(({ title }) => title)} add={(name, entry) => change([name], entry)} />
      ) : (
        <button
          type="button"
          onClick={() => change([places.length], newEntry(field, places))}
        >{`Add to ${field.key}`}</button>
      )}
    </section>
  );
}

function AddByName({
  taken,
  add,
}: {
  taken: readonly string[];
  add: (name: string, entry: unknown) => void;
}) {
  const [name, setName] = useState("");
  const isUsable = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && !taken.includes(name);
  const addAs = (entry: unknown): void => {
    add(name, entry);
    setName("");
  };
  return (
    <div className="row">
      <label>
        Name of a new model
        <input value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="button" disabled={!isUsable} onClick={() => addAs("./folder")}>
        Add one of this machine
      </button>
      <button
        type="button"
        disabled={!isUsable}
        onClick={() => addAs({ endpoint: "http://127.0.0.1:11434/v1", model: name })}
      >
        Add an endpoint
      </button>
    </div>
  );
}

const placesInOrder = (written: unknown): Place[] =>
  (Array.isArray(written) ? written : []).map((value, at) => ({ at, value, title: titleOf(value, at) }));

const placesByName = (written: unknown): Place[] =>
  Object.entries(isSection(written) ? written : {}).map(([at, value]) => ({ at, value, title: at }));

function titleOf(value: unknown, at: number): string {
  if (typeof value === "string") return value;
  const name = isSection(value) ? (value["name"] ?? value["path"] ?? value["url"]) : undefined;
  return typeof name === "string" && name !== "" ? name : `entry ${at + 1}`;
}

/** A preset that is not there yet, else a section that begins with what every entry has. */
function newEntry({ fields = [] }: ConfigKey, places: readonly Place[]): unknown {
  const presets = fields.find(({ key }) => key === "preset")?.choices;
  if (!presets) return { [fields[0]?.key ?? "path"]: "" };
  const taken = new Set(places.map(({ title }) => title));
  return presets.find((name) => !taken.has(name)) ?? { name: `arm-${places.length + 1}`, preset: "base" };
}

const withEntry = (entries: readonly unknown[], at: number, next: unknown): unknown[] =>
  next === undefined ? entries.toSpliced(at, 1) : entries.toSpliced(at, 1, next);
