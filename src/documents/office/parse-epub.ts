import { dropHiddenText } from "../html/hidden-text.ts";
import { openPage } from "../html/open-page.ts";
import { writeHtmlText } from "../html/html-text.ts";
import { requireText, titleFromName, unusable, type Parse } from "../parser.ts";
import { oneLine } from "../text/clean-text.ts";
import { child, descendants, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { decodeText } from "../text/text-encoding.ts";
import { openPackage, resolvePath } from "./open-package.ts";

/** EPUB books (EPUB 3.3): the chapters in their reading order, as HTML pages; the table of contents is left out. */
export const parseEpub: Parse = async (bytes, name, { keepHidden }) => {
  const opened = await openPackage(bytes);
  const encrypted = [...descendants(opened.part("META-INF/encryption.xml"), "CipherReference")].some(
    ({ attributes }) => /html?$/i.test(attributes["URI"] ?? ""),
  );
  if (encrypted || opened.bytes("META-INF/rights.xml")) {
    throw unusable("LORAG_ENCRYPTED", "it is protected against copying", "Get a copy without protection.");
  }
  const path =
    [...descendants(opened.part("META-INF/container.xml"), "rootfile")][0]?.attributes["full-path"] ??
    opened.names.find((each) => /\.opf$/i.test(each));
  const root = path === undefined ? undefined : opened.part(path);
  if (!root || path === undefined) {
    throw unusable("LORAG_UNREADABLE", "its list of chapters is missing", "Get the file again.");
  }
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  const manifest = new Map(
    elements(child(root, "manifest")).map((item) => [item.attributes["id"] ?? "", item]),
  );
  const out = new TextBuilder();
  for (const { attributes } of elements(child(root, "spine"))) {
    const item = manifest.get(attributes["idref"] ?? "");
    if (!item || isContents(item)) continue;
    const target = resolvePath(folder, decodeURI(item.attributes["href"] ?? ""));
    const content = opened.bytes(target);
    if (!content) out.warn(`The chapter ${target} is missing from the file.`);
    else {
      const page = openPage(decodeText(content));
      if (!keepHidden) dropHiddenText(page, out);
      for (const part of page.querySelectorAll("nav")) part.remove();
      writeHtmlText(page.querySelector("body")!, out);
    }
  }
  const title = oneLine(textOf(child(child(root, "metadata"), "title")));
  return requireText(out.finish(title === "" ? titleFromName(name) : title));
};

const isContents = ({ attributes }: XmlNode): boolean =>
  /\bnav\b/.test(attributes["properties"] ?? "") || !/html|xml/.test(attributes["media-type"] ?? "html");
