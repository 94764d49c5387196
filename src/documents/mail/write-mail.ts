import { requireText, titleFromName, type ParsedDocument } from "../parser.ts";
import { TextBuilder } from "../text/text-builder.ts";

export interface Mail {
  subject: string;
  from: string[];
  to: string[];
  /** As the message says it, with its offset. */
  date: string;
  text: string;
  html: string;
  attachments: Attachment[];
}

export type Attachment =
  | { kind: "named"; name: string }
  | { kind: "text" | "html"; name: string; text: string }
  | { kind: "mail"; mail: Mail };

type ReadHtml = (html: string) => ParsedDocument;

/**
 * A message as a document: its subject is the title. Of two forms of one text, the plain one is read. Attached texts and
 * messages follow as sections of it.
 */
export function writeMail(mail: Mail, name: string, readHtml: ReadHtml): ParsedDocument {
  const out = new TextBuilder();
  writeMessage(mail, 1, out, readHtml);
  return requireText(out.finish(mail.subject.trim() === "" ? titleFromName(name) : mail.subject));
}

function writeMessage(mail: Mail, level: number, out: TextBuilder, readHtml: ReadHtml): void {
  const subject = mail.subject.trim();
  out.heading(level, level === 1 ? subject : `Attached message: ${subject === "" ? "no subject" : subject}`);
  const lines = [
    ["From", mail.from.join(", ")],
    ["To", mail.to.join(", ")],
    ["Date", mail.date],
  ].flatMap(([key, value]) => (value ? [`${key}: ${value}`] : []));
  out.block(lines.join("\n"));
  const fromHtml = (html: string): string => {
    const { text, warnings = [] } = readHtml(html);
    for (const warning of warnings) out.warn(warning);
    return text;
  };
  out.block(mail.text.trim() === "" && mail.html !== "" ? fromHtml(mail.html) : mail.text);
  for (const attachment of mail.attachments) {
    if (attachment.kind === "named") out.warn(`The attachment ${attachment.name} was not read.`);
    else if (attachment.kind === "mail") writeMessage(attachment.mail, Math.min(level + 1, 6), out, readHtml);
    else {
      out.heading(Math.min(level + 1, 6), `Attachment: ${attachment.name}`);
      out.block(attachment.kind === "html" ? fromHtml(attachment.text) : attachment.text);
    }
  }
}
