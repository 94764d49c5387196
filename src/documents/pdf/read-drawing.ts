import { getResolvedPDFJS } from "unpdf";
import type { Matrix } from "./box.ts";
import type { PdfPage } from "./open-pdf.ts";
import { Pen, type Drawn, type Glyph } from "./pen.ts";

type Operators = Awaited<ReturnType<typeof getResolvedPDFJS>>["OPS"];

/**
 * What a page draws, with its place. Pictures are told by the place that is kept for them: the file is opened so that they
 * are not decoded, which takes a second each.
 */
export async function readDrawing(page: PdfPage, isLayerOn: (layer: unknown) => boolean): Promise<Drawn[]> {
  const { OPS, AnnotationMode } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE });
  const pen = new Pen();
  const on = { ...placing(OPS, pen), ...looks(OPS, pen), ...texts(OPS, pen), ...layers(OPS, pen, isLayerOn) };
  for (const [index, operation] of (fnArray as number[]).entries()) {
    on[operation]?.(...((argsArray[index] ?? []) as unknown[]));
  }
  return pen.drawn;
}

/** What each operator does, by its number. */
// oxlint-disable-next-line typescript/no-explicit-any -- what an operator is given, the library does not type
type Table = Record<number, (...given: any[]) => void>;

/** Places, paths and pictures. */
function placing(OPS: Operators, pen: Pen): Table {
  const fills = new Set([
    OPS.fill,
    OPS.eoFill,
    OPS.fillStroke,
    OPS.eoFillStroke,
    OPS.closeFillStroke,
    OPS.closeEOFillStroke,
  ]);
  const picture = (): void => pen.picture();
  const clip = (): void => pen.clipNext();
  return {
    [OPS.save]: () => pen.save(),
    [OPS.restore]: () => pen.restore(),
    [OPS.transform]: (...matrix: number[]) => pen.transform(matrix),
    [OPS.paintFormXObjectBegin]: (matrix?: Matrix, box?: ArrayLike<number>) => pen.beginForm(matrix, box),
    [OPS.paintFormXObjectEnd]: () => pen.restore(),
    [OPS.beginGroup]: () => pen.beginGroup(),
    [OPS.endGroup]: () => pen.restore(),
    [OPS.clip]: clip,
    [OPS.eoClip]: clip,
    [OPS.constructPath]: (
      operation: number,
      data: (ArrayLike<number> | null)[],
      extent: ArrayLike<number> | null,
    ) => {
      const what = fills.has(operation) ? "fill" : operation === OPS.endPath ? "none" : "line";
      pen.path(what, data[0] ?? null, extent);
    },
    [OPS.shadingFill]: () => pen.shade(),
    [OPS.paintImageXObject]: picture,
    [OPS.paintInlineImageXObject]: picture,
    [OPS.paintImageMaskXObject]: picture,
    [OPS.paintSolidColorImageMask]: picture,
  };
}

/** Colours, transparency and lines. */
const looks = (OPS: Operators, pen: Pen): Table => ({
  [OPS.setGState]: (entries: [string, unknown][]) => {
    for (const [key, value] of entries) {
      if (key === "ca") pen.set({ alpha: Number(value) });
      else if (key === "BM") pen.set({ isOpaque: value === "source-over" });
      else if (key === "SMask" && value) pen.set({ isOpaque: false });
      else if (key === "LW") pen.set({ lineWidth: Number(value) });
      else if (key === "Font") pen.set({ size: Number((value as unknown[])[1]) });
    }
  },
  [OPS.setFillRGBColor]: (color: string) => pen.set({ color }),
  [OPS.setFillColorN]: () => pen.set({ color: undefined }),
  [OPS.setFillTransparent]: () => pen.set({ color: undefined }),
  [OPS.setLineWidth]: (lineWidth: number) => pen.set({ lineWidth }),
});

const texts = (OPS: Operators, pen: Pen): Table => ({
  [OPS.beginText]: () => pen.beginText(),
  [OPS.setTextMatrix]: (matrix: Matrix) => pen.beginText(matrix),
  [OPS.moveText]: (x: number, y: number) => pen.moveLine(x, y),
  [OPS.setLeadingMoveText]: (x: number, y: number) => {
    pen.set({ leading: -y });
    pen.moveLine(x, y);
  },
  [OPS.nextLine]: () => pen.nextLine(),
  [OPS.setLeading]: (leading: number) => pen.set({ leading: Math.abs(leading) }),
  [OPS.setFont]: (_name: string, size: number) => pen.set({ size }),
  [OPS.setCharSpacing]: (letterGap: number) => pen.set({ letterGap }),
  [OPS.setWordSpacing]: (wordGap: number) => pen.set({ wordGap }),
  [OPS.setHScale]: (percent: number) => pen.set({ stretch: percent / 100 }),
  [OPS.setTextRise]: (rise: number) => pen.set({ rise }),
  [OPS.setTextRenderingMode]: (mode: number) => pen.set({ mode }),
  [OPS.showText]: (glyphs: (Glyph | number | null)[]) => pen.show(glyphs),
});

const layers = (OPS: Operators, pen: Pen, isLayerOn: (layer: unknown) => boolean): Table => ({
  [OPS.beginMarkedContent]: () => pen.beginLayer(true),
  [OPS.beginMarkedContentProps]: (tag: string, layer: unknown) =>
    pen.beginLayer(tag !== "OC" || isLayerOn(layer)),
  [OPS.endMarkedContent]: () => pen.endLayer(),
});
