import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { getDocumentProxy } from "unpdf";
import { readFile } from "../../platform/index.ts";
import { unusable } from "../parser.ts";

export type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<Pdf["getPage"]>>;

/** Chinese, Japanese and Korean fonts that a file does not hold are read by maps of the library that it is made with. */
class CharacterMaps {
  private readonly folder = join(
    dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json")),
    "cmaps",
  );

  async fetch({ name }: { name: string }): Promise<{ cMapData: Uint8Array; isCompressed: boolean }> {
    if (!/^[\w-]+$/.test(name)) throw new Error(`no character map has the name ${name}`);
    return {
      cMapData: new Uint8Array(await readFile(join(this.folder, `${name}.bcmap`))),
      isCompressed: true,
    };
  }
}

// pdf.js asks this of Node 21 and later; without it, it gives up on a page at its first font.
if (!("transferToFixedLength" in ArrayBuffer.prototype)) {
  // oxlint-disable-next-line no-extend-native -- as the library itself does for other things it asks of a runtime
  Object.defineProperty(ArrayBuffer.prototype, "transferToFixedLength", {
    configurable: true,
    writable: true,
    value: function (this: ArrayBuffer, length: number): ArrayBuffer {
      const whole = new Uint8Array(length);
      whole.set(new Uint8Array(this).subarray(0, length));
      return whole.buffer;
    },
  });
}

/**
 * By the first password that opens it; without any, first. `withPictures` decodes what pictures the pages hold: without, only
 * their places are known. Throws LORAG_ENCRYPTED and LORAG_UNREADABLE. */
export async function openPdf(
  bytes: Uint8Array,
  passwords: string[],
  { withPictures = false } = {},
): Promise<Pdf> {
  let asked: unknown;
  for (const password of [undefined, ...passwords]) {
    try {
      // pdf.js takes the buffer over, so it gets its own.
      return await getDocumentProxy(bytes.slice(), {
        verbosity: 0,
        isEvalSupported: false,
        CMapReaderFactory: CharacterMaps,
        useWorkerFetch: false,
        // In pixels.
        ...(!withPictures && { maxImageSize: 1 }),
        ...(password !== undefined && { password }),
      });
    } catch (cause) {
      const { name, message } = cause as { name?: string; message?: string };
      if (name !== "PasswordException") {
        throw unusable("LORAG_UNREADABLE", `the PDF is damaged (${message})`, "Get the file again.", cause);
      }
      asked = cause;
    }
  }
  throw unusable(
    "LORAG_ENCRYPTED",
    passwords.length === 0 ? "it is encrypted" : "it is encrypted, and none of the passwords opens it",
    "Give its password under parsing.passwords, or save a copy without one.",
    asked,
  );
}
