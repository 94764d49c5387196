/** Text at a place, in points from the lower left corner. */
export interface Drawn {
  text: string;
  x: number;
  y: number;
  size?: number;
  /** Of the letters, in quarters of a turn against the clock. */
  turned?: 0 | 1;
  /** Operators before it, such as a colour. */
  before?: string;
  /** Operators after it. */
  after?: string;
  /** The text's bytes in hex, in a Japanese font that is not in the file. */
  shiftJis?: string;
}

export interface PageOptions {
  width?: number;
  height?: number;
  /** How the page is turned to be looked at, in degrees clockwise. */
  rotate?: 0 | 90 | 180 | 270;
  /** Filled fields of a form. */
  fields?: { name: string; value: string; x: number; y: number }[];
  links?: { href: string; x: number; y: number; width: number }[];
}

export type MadePage = Drawn[] | (PageOptions & { drawn: Drawn[] });

/** Bytes of a PDF with text at these places, drawn in this order. Characters are those of Latin-1. */
export function makePdf(pages: MadePage[], { title }: { title?: string } = {}): Uint8Array {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const catalog = add("");
  const tree = add("");
  const latin = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  const descriptor = add(
    "<< /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /Ascent 800 /Descent -200 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -200 1000 800] >>",
  );
  const cid = add(
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor ${descriptor} 0 R >>`,
  );
  const japanese = add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3-90ms-RKSJ-H /Encoding /90ms-RKSJ-H /DescendantFonts [${cid} 0 R] >>`,
  );
  const picture = add(
    "<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 4 >>\nstream\nabcd\nendstream",
  );
  const kids: number[] = [];
  const fields: number[] = [];
  for (const page of pages) {
    const {
      drawn,
      width = 595,
      height = 842,
      rotate = 0,
      ...rest
    } = Array.isArray(page) ? { drawn: page } : page;
    const stream = drawn.map(drawText).join("\n");
    const content = add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
    const ofForm = (rest.fields ?? []).map(({ name, value, x, y }) =>
      add(
        `<< /Type /Annot /Subtype /Widget /FT /Tx /T ${literal(name)} /V ${literal(value)} /Rect [${x} ${y} ${x + 150} ${y + 16}] >>`,
      ),
    );
    const links = (rest.links ?? []).map(({ href, x, y, width: long }) =>
      add(
        `<< /Type /Annot /Subtype /Link /Rect [${x} ${y - 3} ${x + long} ${y + 12}] /A << /S /URI /URI ${literal(href)} >> >>`,
      ),
    );
    fields.push(...ofForm);
    const annotations = [...ofForm, ...links].map((number) => `${number} 0 R`).join(" ");
    kids.push(
      add(
        `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} /Contents ${content} 0 R /Annots [${annotations}] /Resources << /XObject << /Im ${picture} 0 R >> /Font << /F1 ${latin} 0 R /F2 ${japanese} 0 R >> >> >>`,
      ),
    );
  }
  objects[catalog - 1] =
    `<< /Type /Catalog /Pages ${tree} 0 R /AcroForm << /Fields [${fields.map((number) => `${number} 0 R`).join(" ")}] >> >>`;
  objects[tree - 1] =
    `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(" ")}] /Count ${kids.length} >>`;
  const info = title === undefined ? undefined : add(`<< /Title ${literal(title)} >>`);
  return write(objects, catalog, info);
}

function drawText({ text, x, y, size = 10, turned = 0, shiftJis, before = "", after = "" }: Drawn): string {
  const matrix = turned === 0 ? "1 0 0 1" : "0 1 -1 0";
  const [font, shown] = shiftJis === undefined ? ["F1", literal(text)] : ["F2", `<${shiftJis}>`];
  return `${before} BT /${font} ${size} Tf ${matrix} ${x} ${y} Tm ${shown} Tj ET ${after}`;
}

const literal = (text: string): string => `(${text.replace(/[\\()]/g, "\\$&")})`;

function write(objects: string[], catalog: number, info: number | undefined): Uint8Array {
  let file = "%PDF-1.7\n";
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) file += `${String(offset).padStart(10, "0")} 00000 n \n`;
  const of = info === undefined ? "" : ` /Info ${info} 0 R`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root ${catalog} 0 R${of} >>\nstartxref\n${table}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(file, "latin1"));
}
