import { getResolvedPDFJS } from "unpdf";
import type { PdfPage } from "./open-pdf.ts";
import type { Picture } from "../text/recognise-text.ts";

/** Smaller ones, in pixels, are logos and bullets. */
const smallestSide = 60;

interface Decoded {
  width: number;
  height: number;
  /** 1: a bit for each pixel, rows filled up to bytes; 2: RGB; 3: RGBA. */
  kind: number;
  data?: Uint8Array | Uint8ClampedArray;
}

/** The pictures on a page, in the order in which they are drawn. Those that the library cannot decode are left out. */
export async function* pagePictures(page: PdfPage): AsyncGenerator<Picture> {
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  for (const [index, operation] of (fnArray as number[]).entries()) {
    if (operation !== OPS.paintImageXObject) continue;
    const [key] = argsArray[index] as [string];
    const objects = key.startsWith("g_") ? page.commonObjs : page.objs;
    const image = await new Promise<Decoded | null>((resolve) => objects.get(key, resolve));
    if (!image?.data || image.width < smallestSide || image.height < smallestSide) continue;
    const pixels = toGrey(image);
    if (pixels) yield { width: image.width, height: image.height, pixels };
  }
}

function toGrey({ width, height, kind, data }: Decoded): Uint8Array | undefined {
  const grey = new Uint8Array(width * height);
  if (kind === 1) {
    const rowBytes = (width + 7) >> 3;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        grey[y * width + x] = (data![y * rowBytes + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 255 : 0;
      }
    }
    return grey;
  }
  const channels = kind === 2 ? 3 : 4;
  if (data!.length < width * height * channels) return undefined;
  for (let at = 0; at < grey.length; at++) {
    const from = at * channels;
    grey[at] = 0.3 * data![from]! + 0.59 * data![from + 1]! + 0.11 * data![from + 2]!;
  }
  return grey;
}
