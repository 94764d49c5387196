import type { ServingView } from "../../../../src/contracts/index.ts";
import { bytes } from "../../parts/numbers.ts";
import { AdapterCard } from "./adapter-card.tsx";

/** The adapters of the project's folder: their versions, what `latest` stands for, and which are in memory. */
export function Adapters({ serving: { adapters, adapterMemory, base } }: { serving: ServingView }) {
  return (
    <section aria-labelledby="adapters">
      <h2 id="adapters">Adapters</h2>
      {adapters.length === 0 ? (
        <p className="empty">
          There are none yet. <code>lorag import FOLDER --name NAME</code> brings a LoRA adapter of {base}{" "}
          into the project’s folder <code>adapters</code>; folders <code>NAME/1</code> and <code>NAME/2</code>{" "}
          there are versions of one.
        </p>
      ) : (
        <>
          <p>
            Those in memory take {bytes(adapterMemory)} here; one that is not is loaded when it is first
            asked. What <code>latest</code> stands for holds for every server that has this folder, from its
            next request on.
          </p>
          {adapters.map((adapter) => (
            <AdapterCard key={adapter.name} adapter={adapter} />
          ))}
        </>
      )}
    </section>
  );
}
