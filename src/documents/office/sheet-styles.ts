import { child, elements, isOn, type XmlNode } from "../text/read-xml.ts";
import { readFormatCodes, showsNothing } from "./sheet-values.ts";

/** What a style of cells makes of their text. */
export interface CellStyle {
  /** The format of its numbers. */
  code: string;
  isStruck: boolean;
  /** Why nobody sees its text; undefined where it is seen. */
  unseen: string | undefined;
}

/** The styles of a workbook, by the number that cells name them with. */
export function readCellStyles(styles: XmlNode | undefined): CellStyle[] {
  const codes = readFormatCodes(styles);
  const fonts = elements(child(styles, "fonts"));
  const fills = elements(child(styles, "fills"));
  return elements(child(styles, "cellXfs")).map(({ attributes }, index) => {
    const font = fonts[Number(attributes["fontId"] ?? 0)];
    const code = codes[index] ?? "";
    const isOnWhite = !isColoured(fills[Number(attributes["fillId"] ?? 0)]);
    return {
      code,
      isStruck: isStruck(font),
      unseen: showsNothing(code)
        ? "by its format"
        : isOnWhite && isWhite(child(font, "color"))
          ? "white on white"
          : undefined,
    };
  });
}

/** Whether a font, of a cell or of a part of its text, strikes it out. */
export const isStruck = (font: XmlNode | undefined): boolean => isOn(font, "strike") || isOn(font, "dstrike");

/** Colour 0 of a theme is its background. */
const isWhite = (color: XmlNode | undefined): boolean =>
  /^(?:ff)?ffffff$/i.test(color?.attributes["rgb"] ?? "") ||
  (color?.attributes["theme"] === "0" && color.attributes["tint"] === undefined);

function isColoured(fill: XmlNode | undefined): boolean {
  if (child(fill, "gradientFill")) return true;
  const pattern = child(fill, "patternFill");
  const type = pattern?.attributes["patternType"] ?? "none";
  return type !== "none" && !isWhite(child(pattern, "fgColor"));
}
