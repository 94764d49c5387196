/** A moment, as the browser's locale writes it. */
export function When({ iso }: { iso: string }) {
  const date = new Date(iso);
  const text = Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return <time dateTime={iso}>{text}</time>;
}
