import PostalMime, { type Address } from "postal-mime";
import { readTableSource } from "../html/table-source.ts";
import { unusable, type Parse } from "../parser.ts";
import { writeMail, type Mail } from "./write-mail.ts";

/** E-mail messages (RFC 5322, MIME): who, when and about what, then the text; attachments are named. */
export const parseEml: Parse = async (bytes, name, { keepHidden }) => {
  let mail: Mail;
  try {
    const parsed = await PostalMime.parse(bytes.slice());
    mail = {
      subject: parsed.subject ?? "",
      from: parsed.from ? [show(parsed.from)] : [],
      to: [...(parsed.to ?? []), ...(parsed.cc ?? [])].map(show),
      date: parsed.date ?? "",
      text: parsed.text ?? "",
      html: parsed.html ?? "",
      attachments: parsed.attachments.map(({ filename, mimeType }) => filename ?? mimeType),
    };
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

function show({ name, address, group }: Address): string {
  if (group) return group.map(show).join(", ");
  if (!name) return address ?? "";
  return address ? `${name} <${address}>` : name;
}
