import { diffLines } from "../../parts/diff.ts";

/** Two people changed one file: the later one sees the difference, and nothing is lost. */
export function ConfigConflict({
  mine,
  theirs,
  onTakeTheirs,
  onKeepMine,
}: {
  mine: string;
  theirs: string;
  onTakeTheirs: () => void;
  onKeepMine: () => void;
}) {
  return (
    <section className="failure" role="alert" aria-labelledby="conflict">
      <h2 id="conflict">The file was changed meanwhile</h2>
      <p>Lines with − are in the file now, lines with + are yours. Nothing was saved yet.</p>
      <pre className="shown">
        {diffLines(theirs, mine).map(({ kind, text }, index) => (
          <span key={index} className={`diff-${kind}`}>
            {kind === "added" ? "+ " : kind === "removed" ? "− " : "  "}
            {text}
            {"\n"}
          </span>
        ))}
      </pre>
      <div className="row">
        <button type="button" onClick={onKeepMine}>
          Save mine over it
        </button>
        <button type="button" onClick={onTakeTheirs}>
          Take what is in the file
        </button>
        <span className="meta">Or change your text first: it is still below.</span>
      </div>
    </section>
  );
}
