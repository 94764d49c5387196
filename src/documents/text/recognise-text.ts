import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LoragError } from "../../contracts/index.ts";

/** A picture in shades of grey, a byte for each pixel, row by row. */
export interface Picture {
  width: number;
  height: number;
  pixels: Uint8Array;
}

export interface Recogniser {
  read(picture: Picture): Promise<string>;
  close(): Promise<void>;
}

/** Letters are read as well, and sooner, at this many pixels along the longer side. */
const longestSide = 3600;

/**
 * Text recognition by Tesseract, for languages by its own names (`eng`, `deu`), whose data comes from packages of the npm
 * registry. Throws LORAG_NO_OCR where the recogniser or a language is not installed.
 */
export async function openRecogniser(languages: string[]): Promise<Recogniser> {
  const find = createRequire(import.meta.url).resolve;
  const packages = languages.map((language) => `@tesseract.js-data/${language}`);
  const folders = packages.map((name) => {
    try {
      return dirname(find(`${name}/package.json`));
    } catch (cause) {
      throw notInstalled(packages, cause);
    }
  });
  const { createWorker } = await import("tesseract.js").catch((cause: unknown) => {
    throw notInstalled(packages, cause);
  });
  // A worker of each language: it knows a single folder of data.
  const workers = await Promise.all(
    languages.map((language, index) =>
      createWorker(language, 1, {
        langPath: join(folders[index]!, "4.0.0_best_int"),
        cacheMethod: "none",
        gzip: true,
      }),
    ),
  );
  return {
    read: async (picture) => {
      const image = toPortableMap(shrink(picture));
      let best = { text: "", confidence: -1 };
      for (const worker of workers) {
        const { data } = await worker.recognize(image);
        if (data.confidence > best.confidence) best = data;
      }
      return best.text;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Each pixel the mean of a square of pixels. */
function shrink({ width, height, pixels }: Picture): Picture {
  const step = Math.ceil(Math.max(width, height) / longestSide);
  if (step === 1) return { width, height, pixels };
  const [across, down] = [Math.floor(width / step), Math.floor(height / step)];
  const small = new Uint8Array(across * down);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      let sum = 0;
      for (let dy = 0; dy < step; dy++) {
        for (let dx = 0; dx < step; dx++) sum += pixels[(y * step + dy) * width + x * step + dx]!;
      }
      small[y * across + x] = sum / (step * step);
    }
  }
  return { width: across, height: down, pixels: small };
}

/** The simplest format that Tesseract reads (netpbm's PGM). */
const toPortableMap = ({ width, height, pixels }: Picture): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);

function notInstalled(packages: string[], cause: unknown): LoragError {
  return new LoragError({
    code: "LORAG_NO_OCR",
    kind: "config",
    message: "Text recognition (parsing.ocr) needs packages that are not installed",
    next: `Run \`npm install tesseract.js ${packages.join(" ")}\`, or leave parsing.ocr empty.`,
    cause,
  });
}
