import type { AdapterVersion, AdapterWork, NamedAdapter } from "../../../../src/contracts/index.ts";
import { bytes, counted } from "../../parts/numbers.ts";
import type { Change } from "./change-adapter.ts";
import { percent } from "./percent.ts";

/** A version: what it is now, what it answered here, and what can be done with it. */
export function VersionRow({
  adapter: { name, latest, canary },
  version: { id, version, bytes: size, isLoaded, work },
  pending,
  make,
}: {
  adapter: NamedAdapter;
  version: AdapterVersion;
  pending: boolean;
  make: (change: Change) => void;
}) {
  const isLatest = version !== undefined && version === latest;
  return (
    <li>
      <div className="row spread">
        <div className="list-main">
          <span>
            <strong>{id}</strong>
            {isLatest ? <span className="badge good">latest</span> : null}
            {canary && canary.version === version ? (
              <span className="badge plain">canary, {percent(canary.share)}</span>
            ) : null}
            {isLoaded ? <span className="badge plain">in memory</span> : null}
          </span>
          <span className="meta">
            {bytes(size)} · {told(work)}
          </span>
        </div>
        <div className="row">
          <button
            type="button"
            aria-label={`${isLoaded ? "Unload" : "Load"} ${id}`}
            aria-disabled={pending}
            onClick={() => make(isLoaded ? unload(id) : load(id))}
          >
            {isLoaded ? "Unload" : "Load"}
          </button>
          {version === undefined ? null : (
            <button
              type="button"
              aria-label={`Make latest: ${id}`}
              aria-disabled={pending || isLatest}
              onClick={() => {
                if (!isLatest) make(release(name, version, latest));
              }}
            >
              Make latest
            </button>
          )}
        </div>
      </div>
    </li>
  );
}

const load = (id: string): Change => ({ what: "load", name: id, done: `${id} is in memory.` });

const unload = (id: string): Change => ({
  what: "unload",
  name: id,
  confirm: `${id} leaves memory. Answers under way end with it; the next request to it waits until it is loaded again.`,
  done: `${id} is out of memory.`,
});

const release = (name: string, version: string, latest: string | undefined): Change => ({
  what: "release",
  name,
  version,
  confirm: `All requests to ${name}:latest go to ${name}:${version} from now on, in place of ${name}:${latest}.`,
  done: `${name}:latest is ${name}:${version}.`,
});

function told({ answers, failed, completionTokens, ms }: AdapterWork): string {
  if (answers + failed === 0) return "nothing asked here yet";
  const seconds = (ms / 1000 / Math.max(1, answers)).toLocaleString(undefined, { maximumFractionDigits: 2 });
  const rate = (completionTokens / (ms / 1000)).toLocaleString(undefined, { maximumFractionDigits: 0 });
  return [
    counted(answers, "answer"),
    ...(answers > 0 ? [`${seconds} s each`, `${rate} tokens/s`] : []),
    ...(failed > 0 ? [`${failed.toLocaleString()} failed`] : []),
  ].join(" · ");
}
