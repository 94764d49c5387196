/**
 * Marks that take a whole line, as words: an admonition in the ways of GitHub, MkDocs, Docusaurus and MyST begins with its
 * kind and its title ("Warning: Mind the gap"); what ends one, and a line of attributes, is no text.
 */
export function plainLine(line: string): string {
  const callout = /^([ \t]{0,12}(?:>[ \t]?){1,9})\[!(\w[\w-]{0,30})\][+-]?[ \t]*(.{0,200})$/.exec(line);
  if (callout) return `${callout[1]}${titled(callout[2]!, callout[3]!)}`;
  const admonition =
    /^([ \t]{0,12})(?:!!!|\?\?\?\+?)[ \t]+([a-z][\w-]{0,30})[\w \t-]{0,60}?(?:"([^"\n]{0,200})")?[ \t]*$/i.exec(
      line,
    );
  if (admonition) return `${admonition[1]}${titled(admonition[2]!, admonition[3] ?? "")}`;
  const tab = /^([ \t]{0,12})===[!+]?[ \t]+"([^"\n]{1,200})"[ \t]*$/.exec(line);
  if (tab) return `${tab[1]}${tab[2]}:`;
  const directive =
    /^([ \t]{0,12}):{3,8}[ \t]*\{?([a-z][\w-]{0,30})\}?(?:\[([^\]\n]{0,200})\]|[ \t]+(.{0,200}))?$/i.exec(
      line,
    );
  if (directive) return `${directive[1]}${titled(directive[2]!, directive[3] ?? directive[4] ?? "")}`;
  return /^[ \t]{0,12}(?::{3,8}|\{:?[ \t]*[.#][^{}\n]{0,200}\})[ \t]*$/.test(line) ? "" : line;
}

function titled(kind: string, title: string): string {
  const name = `${kind[0]!.toUpperCase()}${kind.slice(1).toLowerCase()}`;
  // Attributes, as some put them behind, are no title.
  const words = title.replace(/\{[^{}]*\}/g, "").trim();
  return words === "" ? `${name}:` : `${name}: ${words}`;
}
