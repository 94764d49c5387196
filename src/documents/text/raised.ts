/**
 * A raised text behind `before`: a power gets its mark (10^3), a note's number its brackets (end.[3]), and the rest
 * (1st, Mlle) is joined as it is.
 */
export function raised(before: string, raw: string, isNote = false): string {
  const text = raw.trim();
  const last = before.at(-1) ?? "";
  if (text === "") return "";
  if (/^[+−–-]?(?:\d[\d.,]{0,12}[a-z]?|[nxyk])$/.test(text)) {
    if (isNote || (/^\d{1,3}$/.test(text) && /["'.,;:!?”’»]/.test(last))) return `[${text}]`;
    if (/[\p{L}\p{N})\]}]/u.test(last)) return `^${text.replace(/^[−–]/, "-")}`;
  }
  return raw;
}
