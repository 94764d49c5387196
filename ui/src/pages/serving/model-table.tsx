import type { ServingView } from "../../../../src/contracts/index.ts";
import { bytes } from "../../parts/numbers.ts";
import { When } from "../../parts/when.tsx";

export function ModelTable({ models }: { models: ServingView["models"] }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Models">
      <table className="tests left">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Kind</th>
            <th scope="col">Stands on</th>
            <th scope="col">Size</th>
            <th scope="col">Listed since</th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ id, kind, root, bytes: size, created }) => (
            <tr key={id}>
              <th scope="row">{id}</th>
              <td>{kind}</td>
              <td>{root ?? "–"}</td>
              <td>{size === undefined ? "–" : bytes(size)}</td>
              <td>
                <When iso={new Date(created * 1000).toISOString()} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
