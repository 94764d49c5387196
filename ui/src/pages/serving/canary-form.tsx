import { useState } from "react";
import type { NamedAdapter } from "../../../../src/contracts/index.ts";
import type { Change } from "./change-adapter.ts";
import { percent } from "./percent.ts";

/** Has a version answer a share of the requests to `latest`, to see how it does. */
export function CanaryForm({
  adapter: { name, versions, latest, canary },
  pending,
  make,
}: {
  adapter: NamedAdapter;
  pending: boolean;
  make: (change: Change) => void;
}) {
  const others = versions.flatMap(({ version }) =>
    version === undefined || version === latest ? [] : [version],
  );
  const [chosen, setChosen] = useState<string>();
  const [share, setShare] = useState(String((canary?.share ?? 0.05) * 100));
  const version = others.find((each) => each === (chosen ?? canary?.version)) ?? others.at(-1)!;
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const part = Number(share) / 100;
        const told = `${percent(part)} of the requests to ${name}:latest`;
        make({
          what: "canary",
          name,
          version,
          share: part,
          confirm: `${told} go to ${name}:${version} from now on, the rest to ${name}:${latest}.`,
          done: `${told} go to ${name}:${version}.`,
        });
      }}
    >
      <label>
        Try version
        <select value={version} onChange={(event) => setChosen(event.target.value)}>
          {others.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label>
        Percent of the requests
        <input
          type="number"
          required
          min="0.1"
          max="100"
          step="any"
          value={share}
          onChange={(event) => setShare(event.target.value)}
        />
      </label>
      <button type="submit" aria-disabled={pending}>
        {canary ? "Change the canary" : "Start the canary"}
      </button>
    </form>
  );
}
