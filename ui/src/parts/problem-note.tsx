import { Coded } from "./coded.tsx";
import { Problem } from "../api/request.ts";

/** An error, as the server tells it: what happened, then what to do. */
export function ProblemNote({ error }: { error: unknown }) {
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className="failure" role="alert">
      <p>
        <strong className="lines">{message}</strong>
      </p>
      {error instanceof Problem && error.next !== "" ? (
        <p>
          <Coded text={error.next} />
        </p>
      ) : null}
    </div>
  );
}
