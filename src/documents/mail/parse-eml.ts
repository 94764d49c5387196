import PostalMime, { type Address, type Attachment as MimePart } from "postal-mime";
import { readTableSource } from "../html/table-source.ts";
import { unusable, type Parse } from "../parser.ts";
import { decodeText } from "../text/text-encoding.ts";
import { writeMail, type Attachment, type Mail } from "./write-mail.ts";

/** E-mail messages (RFC 5322, MIME): who, when and about what, the text, and attached texts and messages. */
export const parseEml: Parse = async (bytes, name, { keepHidden }) => {
  let mail: Mail;
  try {
    mail = await readMail(bytes, 0);
  } catch (cause) {
    throw unusable(
      "LORAG_UNREADABLE",
      `it is not a message that can be read (${String(cause)})`,
      "Save it again in the mail program.",
      cause,
    );
  }
  return writeMail(mail, name, (html) => readTableSource(html, keepHidden));
};

/** Messages within messages, as deep as anybody forwards them. */
const deepest = 8;

async function readMail(bytes: Uint8Array, depth: number): Promise<Mail> {
  const parsed = await PostalMime.parse(bytes.slice(), { forceRfc822Attachments: true });
  const attachments: Attachment[] = [];
  for (const part of parsed.attachments) attachments.push(await readAttachment(part, depth));
  const date = parsed.headers.find(({ key }) => key === "date")?.value ?? "";
  return {
    subject: parsed.subject ?? "",
    from: parsed.from ? [show(parsed.from)] : [],
    to: [...(parsed.to ?? []), ...(parsed.cc ?? [])].map(show),
    // Without the comment that names the zone once more.
    date: date
      .replace(/\([^()]*\)\s*$/, "")
      .replace(/\s+/g, " ")
      .trim(),
    text: parsed.text ?? "",
    html: parsed.html ?? "",
    attachments,
  };
}

async function readAttachment({ filename, mimeType, content }: MimePart, depth: number): Promise<Attachment> {
  const name = filename ?? mimeType;
  const bytes =
    typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content as ArrayBuffer);
  if (mimeType === "message/rfc822" && depth < deepest)
    return { kind: "mail", mail: await readMail(bytes, depth + 1) };
  const kind = /^text\/(?:plain|markdown|csv|tab-separated-values|x-\w+)$/.test(mimeType)
    ? "text"
    : mimeType === "text/html"
      ? "html"
      : "named";
  if (kind === "named") return { kind, name };
  try {
    return { kind, name, text: decodeText(bytes) };
  } catch {
    return { kind: "named", name };
  }
}

function show({ name, address, group }: Address): string {
  if (group) return group.map(show).join(", ");
  if (!name) return address ?? "";
  return address ? `${name} <${address}>` : name;
}
