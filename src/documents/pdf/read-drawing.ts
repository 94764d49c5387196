import { getResolvedPDFJS } from "unpdf";
import {
  boxOf,
  everywhere,
  intersect,
  isRectangle,
  isUpright,
  multiply,
  type Box,
  type Matrix,
} from "./box.ts";
import type { PdfPage } from "./open-pdf.ts";

/** What a page draws, one after the other. */
export type Drawn =
  | {
      kind: "text";
      characters: string;
      box: Box;
      /** Of its letters; undefined where it is no plain colour. */
      color: string | undefined;
      /** Neither filled nor drawn: text that may be found, and not seen. */
      isInvisible: boolean;
      alpha: number;
      /** What of the page could be drawn on. */
      clip: Box;
      isLayerOff: boolean;
    }
  /** `color` is undefined where what the box shows is not known, or shines through. */
  | { kind: "area"; box: Box; color: string | undefined }
  | { kind: "picture"; box: Box };

interface State {
  matrix: Matrix;
  color: string | undefined;
  alpha: number;
  /** Whether what is drawn covers what is under it: no blending, no mask. */
  isOpaque: boolean;
  clip: Box;
  /** Whether the clip is the rectangle itself, or something within it. */
  isClipExact: boolean;
  mode: number;
  size: number;
  letterGap: number;
  wordGap: number;
  stretch: number;
  leading: number;
  rise: number;
  lineWidth: number;
}

interface Glyph {
  unicode: string;
  width: number;
  isSpace: boolean;
}

/**
 * What a page draws, with its place. Pictures are told by the place that is kept for them: the file is opened so that they
 * are not decoded, which takes a second each.
 */
export async function readDrawing(page: PdfPage, isLayerOn: (layer: unknown) => boolean): Promise<Drawn[]> {
  const { OPS, AnnotationMode } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE });
  const drawn: Drawn[] = [];
  let state: State = {
    matrix: [1, 0, 0, 1, 0, 0],
    color: "#000000",
    alpha: 1,
    isOpaque: true,
    clip: everywhere,
    isClipExact: true,
    mode: 0,
    size: 0,
    letterGap: 0,
    wordGap: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    lineWidth: 1,
  };
  /** With how much had been drawn when each was put away. */
  const saved: { state: State; drawn: number; isMoved: boolean }[] = [];
  const layers: boolean[] = [];
  let textMatrix: Matrix = [1, 0, 0, 1, 0, 0];
  let lineMatrix = textMatrix;
  let willClip = false;

  const save = (): void => void saved.push({ state, drawn: drawn.length, isMoved: false });
  const restore = (): void => {
    const last = saved.pop();
    if (!last) return;
    if (last.isMoved && drawn.length === last.drawn)
      drawn.push({ kind: "picture", box: boxOf(state.matrix, 0, 0, 1, 1) });
    ({ state } = last);
  };
  const nextLine = (x: number, y: number): void => {
    lineMatrix = multiply(lineMatrix, [1, 0, 0, 1, x, y]);
    textMatrix = lineMatrix;
  };
  const area = (box: Box, isExact: boolean): void => {
    const isSure = isExact && state.isClipExact && state.isOpaque && state.alpha >= 0.99;
    drawn.push({ kind: "area", box: intersect(box, state.clip), color: isSure ? state.color : undefined });
  };
  const show = (glyphs: (Glyph | number | null)[]): void => {
    let [width, characters] = [0, ""];
    for (const glyph of glyphs) {
      if (typeof glyph === "number") width -= (glyph * state.size) / 1000;
      else if (glyph) {
        width += (glyph.width * state.size) / 1000 + state.letterGap + (glyph.isSpace ? state.wordGap : 0);
        characters += glyph.unicode;
      }
    }
    width *= state.stretch;
    const whole = multiply(state.matrix, textMatrix);
    drawn.push({
      kind: "text",
      characters,
      box: boxOf(whole, 0, state.rise - 0.2 * state.size, width, state.rise + 0.7 * state.size),
      color: /^[0246]$/.test(String(state.mode)) ? state.color : undefined,
      isInvisible: state.mode === 3,
      alpha: state.alpha,
      clip: state.clip,
      isLayerOff: layers.includes(false),
    });
    textMatrix = multiply(textMatrix, [1, 0, 0, 1, width, 0]);
  };
  const path = (
    operation: number,
    data: ArrayLike<number> | null,
    extent: ArrayLike<number> | null,
  ): void => {
    if (extent && Number.isFinite(extent[0])) {
      const box = boxOf(state.matrix, extent[0]!, extent[1]!, extent[2]!, extent[3]!);
      const isExact = data !== null && isRectangle(data) && isUpright(state.matrix);
      if (willClip) {
        const clip = intersect(state.clip, box);
        state = { ...state, clip, isClipExact: state.isClipExact && isExact };
      }
      if (fills.has(operation)) area(box, isExact);
      else if (operation !== OPS.endPath) {
        const half = (state.lineWidth * Math.hypot(state.matrix[0]!, state.matrix[1]!)) / 2;
        area(
          { left: box.left - half, bottom: box.bottom - half, right: box.right + half, top: box.top + half },
          false,
        );
      }
    }
    willClip = false;
  };
  const fills = new Set([
    OPS.fill,
    OPS.eoFill,
    OPS.fillStroke,
    OPS.eoFillStroke,
    OPS.closeFillStroke,
    OPS.closeEOFillStroke,
  ]);
  const pictures = new Set([
    OPS.paintImageXObject,
    OPS.paintInlineImageXObject,
    OPS.paintImageMaskXObject,
    OPS.paintSolidColorImageMask,
  ]);
  // oxlint-disable-next-line typescript/no-explicit-any -- what an operator is given, the library does not type
  const on: Record<number, (...given: any[]) => void> = {
    [OPS.save]: save,
    [OPS.restore]: restore,
    [OPS.transform]: (...matrix: number[]) => {
      state = { ...state, matrix: multiply(state.matrix, matrix) };
      if (saved.length > 0) saved.at(-1)!.isMoved = true;
    },
    [OPS.paintFormXObjectBegin]: (matrix?: Matrix, box?: ArrayLike<number>) => {
      save();
      if (matrix) state = { ...state, matrix: multiply(state.matrix, matrix) };
      if (box)
        state = {
          ...state,
          clip: intersect(state.clip, boxOf(state.matrix, box[0]!, box[1]!, box[2]!, box[3]!)),
          isClipExact: state.isClipExact && isUpright(state.matrix),
        };
    },
    [OPS.paintFormXObjectEnd]: restore,
    [OPS.beginGroup]: () => {
      save();
      // What a group draws is drawn with the look of the group as a whole.
      if (state.alpha < 0.99) state = { ...state, isOpaque: false };
    },
    [OPS.endGroup]: restore,
    [OPS.setGState]: (entries: [string, unknown][]) => {
      for (const [key, value] of entries) {
        if (key === "ca") state = { ...state, alpha: Number(value) };
        else if (key === "BM") state = { ...state, isOpaque: value === "source-over" };
        else if (key === "SMask" && value) state = { ...state, isOpaque: false };
        else if (key === "LW") state = { ...state, lineWidth: Number(value) };
        else if (key === "Font") state = { ...state, size: Number((value as unknown[])[1]) };
      }
    },
    [OPS.setFillRGBColor]: (color: string) => void (state = { ...state, color }),
    [OPS.setFillColorN]: () => void (state = { ...state, color: undefined }),
    [OPS.setFillTransparent]: () => void (state = { ...state, color: undefined }),
    [OPS.setLineWidth]: (lineWidth: number) => void (state = { ...state, lineWidth }),
    [OPS.clip]: () => void (willClip = true),
    [OPS.eoClip]: () => void (willClip = true),
    [OPS.constructPath]: (
      operation: number,
      data: (ArrayLike<number> | null)[],
      extent: ArrayLike<number> | null,
    ) => path(operation, data[0] ?? null, extent),
    [OPS.shadingFill]: () => area(state.clip, false),
    [OPS.beginText]: () => void (textMatrix = lineMatrix = [1, 0, 0, 1, 0, 0]),
    [OPS.setTextMatrix]: (matrix: Matrix) => void (textMatrix = lineMatrix = matrix),
    [OPS.moveText]: nextLine,
    [OPS.setLeadingMoveText]: (x: number, y: number) => {
      state = { ...state, leading: -y };
      nextLine(x, y);
    },
    [OPS.nextLine]: () => nextLine(0, -state.leading),
    [OPS.setLeading]: (leading: number) => void (state = { ...state, leading: Math.abs(leading) }),
    [OPS.setFont]: (_name: string, size: number) => void (state = { ...state, size }),
    [OPS.setCharSpacing]: (letterGap: number) => void (state = { ...state, letterGap }),
    [OPS.setWordSpacing]: (wordGap: number) => void (state = { ...state, wordGap }),
    [OPS.setHScale]: (percent: number) => void (state = { ...state, stretch: percent / 100 }),
    [OPS.setTextRise]: (rise: number) => void (state = { ...state, rise }),
    [OPS.setTextRenderingMode]: (mode: number) => void (state = { ...state, mode }),
    [OPS.showText]: show,
    [OPS.beginMarkedContent]: () => void layers.push(true),
    [OPS.beginMarkedContentProps]: (tag: string, layer: unknown) =>
      void layers.push(tag !== "OC" || isLayerOn(layer)),
    [OPS.endMarkedContent]: () => void layers.pop(),
  };
  for (const [index, operation] of (fnArray as number[]).entries()) {
    const given = (argsArray[index] ?? []) as unknown[];
    if (pictures.has(operation)) drawn.push({ kind: "picture", box: boxOf(state.matrix, 0, 0, 1, 1) });
    else on[operation]?.(...given);
  }
  return drawn;
}
