import mammoth from "mammoth";
import { parseHTML } from "linkedom";
import { readZip } from "../platform/index.ts";
import { flatText, writeHtmlText, type HtmlNode } from "./html-text.ts";
import { requireText, TextBuilder, titleFromName, unusable, type Parse } from "./parser.ts";

/** Word documents by mammoth, once the archive is known to be harmless. Headings are those styled as such. */
export const parseDocx: Parse = async (bytes, name) => {
  const members = await readZip(bytes, { only: (member) => /\.(xml|rels)$/.test(member) });
  for (const [member, content] of members) {
    // Office never writes one; entity expansion needs one.
    if (Buffer.from(content.subarray(0, 4096)).toString("latin1").includes("<!DOCTYPE")) {
      throw unusable("LORAG_BAD_ARCHIVE", `${member} has a DTD`, "Save the document again in Word.");
    }
  }
  const html = await convert(bytes);
  const { document } = parseHTML(`<html><head></head><body>${html}</body></html>`) as unknown as {
    document: HtmlNode;
  };
  const body = document.querySelector("body")!;
  const out = new TextBuilder();
  writeHtmlText(body, out);
  const heading = body.querySelector("h1.title") ?? body.querySelector("h1");
  const title = heading ? flatText(heading) : "";
  return requireText(out.finish(title === "" ? titleFromName(name) : title));
};

async function convert(bytes: Uint8Array): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) },
      {
        styleMap: ["p[style-name='Title'] => h1.title:fresh", "p[style-name='Subtitle'] => p:fresh"],
        convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
      },
    );
    return value;
  } catch (cause) {
    throw unusable(
      "LORAG_UNREADABLE",
      `it is not a Word document that can be read (${cause instanceof Error ? cause.message : String(cause)})`,
      "Open it in Word and save it again as .docx.",
      cause,
    );
  }
}
