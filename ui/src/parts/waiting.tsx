/** Said while something is on its way. */
export function Waiting({ what }: { what: string }) {
  return (
    <p className="waiting" role="status">
      {what}…
    </p>
  );
}
