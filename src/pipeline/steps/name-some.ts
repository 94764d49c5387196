/** `a, b and 3 more`: enough to find them by, and how many there are. */
export function nameSome(names: string[], most = 5): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
