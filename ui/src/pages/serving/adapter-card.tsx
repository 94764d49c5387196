import { useId } from "react";
import type { NamedAdapter } from "../../../../src/contracts/index.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { CanaryForm } from "./canary-form.tsx";
import { useAdapterChange, type Change } from "./change-adapter.ts";
import { percent } from "./percent.ts";
import { VersionRow } from "./version-row.tsx";

/** One adapter, its versions, and what its alias stands for. */
export function AdapterCard({ adapter }: { adapter: NamedAdapter }) {
  const { name, versions, latest, canary } = adapter;
  const { make, pending, error, done } = useAdapterChange();
  const title = useId();
  const back = wayBack(adapter);
  return (
    <section className="card adapter" aria-labelledby={title}>
      <h3 id={title}>{name}</h3>
      {latest === undefined ? null : (
        <p>
          <code>{`${name}:latest`}</code> is <code>{`${name}:${latest}`}</code>
          {canary ? (
            <>
              ; <code>{`${name}:${canary.version}`}</code> answers {percent(canary.share)} of its requests
            </>
          ) : null}
          .
        </p>
      )}
      <ul className="said-list versions">
        {versions.map((version) => (
          <VersionRow key={version.id} adapter={adapter} version={version} pending={pending} make={make} />
        ))}
      </ul>
      {latest === undefined ? null : (
        <div className="row">
          <button
            type="button"
            aria-disabled={pending || !back}
            onClick={() => {
              if (back) make(back);
            }}
          >
            Roll back
          </button>
          <p className="meta">
            {back ? back.confirm : "Nothing to go back to: no canary, no version before."}
          </p>
        </div>
      )}
      {versions.length > 1 ? <CanaryForm adapter={adapter} pending={pending} make={make} /> : null}
      <p role="status">{pending ? "Working…" : done || null}</p>
      {error ? <ProblemNote error={error} /> : null}
    </section>
  );
}

/** Takes the canary back, or, where there is none, `latest` to what it was. */
function wayBack({ name, latest, previous, canary }: NamedAdapter): Change | undefined {
  if (canary)
    return {
      what: "rollback",
      name,
      confirm: `All requests to ${name}:latest go to ${name}:${latest} again, none to ${name}:${canary.version}.`,
      done: `${name}:${canary.version} is tried no longer.`,
    };
  if (previous === undefined) return undefined;
  return {
    what: "rollback",
    name,
    confirm: `${name}:latest becomes ${name}:${previous} again, in place of ${name}:${latest}.`,
    done: `${name}:latest is ${name}:${previous} again.`,
  };
}
