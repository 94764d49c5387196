import type { PdfPage } from "./open-pdf.ts";

/** What lies over a page, at a place in the page's own space. */
export interface Annotation {
  /** A field's value, a link's address. */
  text: string;
  /** What a field is called; empty where it is not. */
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What lies over a page and is no part of its own text: values of a form, links, remarks. */
export async function readAnnotations(
  page: PdfPage,
): Promise<{ fields: Annotation[]; links: Annotation[]; notes: string[] }> {
  const fields: Annotation[] = [];
  const links: Annotation[] = [];
  const notes: string[] = [];
  for (const annotation of (await page.getAnnotations()) as Record<string, unknown>[]) {
    const { subtype, url, rect } = annotation;
    const [left = 0, bottom = 0, right = 0, top = 0] = Array.isArray(rect) ? (rect as number[]) : [];
    const place = { x: left, y: bottom, width: right - left, height: top - bottom };
    if (subtype === "Link" && typeof url === "string") links.push({ ...place, text: url, name: "" });
    else if (subtype === "Widget") {
      const text = fieldText(annotation);
      if (text !== "")
        fields.push({ ...place, y: place.y + 0.25 * place.height, text, name: fieldName(annotation) });
    } else if (subtype === "FreeText") {
      const text = contentsOf(annotation);
      if (text !== "") fields.push({ ...place, text, name: "" });
    } else if (subtype !== "Popup" && contentsOf(annotation) !== "") {
      notes.push(`A remark on the page was left out: "${contentsOf(annotation).slice(0, 80)}".`);
    }
  }
  return { fields, links, notes };
}

function contentsOf({ contentsObj }: Record<string, unknown>): string {
  const { str } = (contentsObj ?? {}) as { str?: unknown };
  return typeof str === "string" ? str.trim() : "";
}

function fieldName({ alternativeText, fieldName }: Record<string, unknown>): string {
  const name = [alternativeText, fieldName].find((each) => typeof each === "string" && each !== "");
  return typeof name === "string" ? name : "";
}

/** What was filled in or ticked. */
function fieldText({
  fieldValue,
  checkBox,
  radioButton,
  exportValue,
  buttonValue,
}: Record<string, unknown>): string {
  const value = Array.isArray(fieldValue) ? fieldValue.join(", ") : fieldValue;
  if (typeof value !== "string" || value.trim() === "") return "";
  if (checkBox === true) return value === exportValue ? "[x]" : "";
  if (radioButton === true) return value === buttonValue ? "[x]" : "";
  return value === "Off" ? "" : value;
}
