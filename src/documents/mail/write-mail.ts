import { requireText, titleFromName, type ParsedDocument } from "../parser.ts";
import { TextBuilder } from "../text/text-builder.ts";

export interface Mail {
  subject: string;
  from: string[];
  to: string[];
  date: string;
  text: string;
  html: string;
  attachments: string[];
}

/** A message as a document: its subject is the title. Of two forms of one text, the plain one is read. */
export function writeMail(
  mail: Mail,
  name: string,
  readHtml: (html: string) => ParsedDocument,
): ParsedDocument {
  const out = new TextBuilder();
  out.heading(1, mail.subject);
  const lines = [
    ["From", mail.from.join(", ")],
    ["To", mail.to.join(", ")],
    ["Date", mail.date],
  ].flatMap(([key, value]) => (value ? [`${key}: ${value}`] : []));
  out.block(lines.join("\n"));
  const fromHtml = mail.text.trim() === "" && mail.html !== "" ? readHtml(mail.html) : undefined;
  out.block(fromHtml?.text ?? mail.text);
  for (const warning of fromHtml?.warnings ?? []) out.warn(warning);
  for (const attachment of mail.attachments) out.warn(`The attachment ${attachment} was not read.`);
  return requireText(out.finish(mail.subject.trim() === "" ? titleFromName(name) : mail.subject));
}
