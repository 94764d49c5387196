import { expect, test } from "vitest";
import { ommlText } from "../office/omml.ts";
import { mathmlText } from "./mathml.ts";
import { readXml } from "./read-xml.ts";

test.each([
  ["<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E=mc^2"],
  [
    "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>a</mi></mrow></mfrac>",
    "(a+b)/(2a)",
  ],
  ["<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt><mroot><mi>y</mi><mi>n</mi></mroot>", "√(x+1)root_n(y)"],
  ["<msubsup><mi>x</mi><mi>i</mi><mrow><mn>2</mn><mi>k</mi></mrow></msubsup>", "x_i^(2k)"],
  [
    "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msub><mi>x</mi><mi>i</mi></msub>",
    "∑_(i=1)^n x_i",
  ],
  ["<mi>sin</mi><mo>&#x2061;</mo><mi>θ</mi><mo>&#x2062;</mo><mi>t</mi>", "sin θt"],
  ["<mo>(</mo><mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac><mo>)</mo>", "(n choose k)"],
  ["<mover><mi>x</mi><mo>¯</mo></mover><mfenced open='['><mi>a</mi><mi>b</mi></mfenced>", "x\u0304[a,b)"],
  ["<mmultiscripts><mi>C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>", "_6^14C"],
  ["<semantics><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></semantics>", "x"],
  [
    "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd/><mtd><mo>=</mo></mtd></mtr></mtable>",
    "1, 0;  =",
  ],
  [
    "<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup><msup><mn>45</mn><mo>∘</mo></msup>",
    "(a+b)^245°",
  ],
  ["<constructor><mi>x</mi></constructor>", "x"],
])("MathML in a line: %s", (source, text) => {
  expect(mathmlText(readXml(`<math>${source}</math>`, "math"))).toBe(text);
});

const run = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`;
const part = (name: string, text: string): string => `<m:${name}>${run(text)}</m:${name}>`;

test.each([
  [`<m:f>${part("num", "m+1")}${part("den", "n")}</m:f>`, "(m+1)/n"],
  [`<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>${part("e", "2x")}</m:rad>`, "√(2x)"],
  [`<m:rad>${part("deg", "3")}${part("e", "8")}</m:rad>`, "∛8"],
  [
    `<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>${part("sub", "i=1")}${part("sup", "n")}${part("e", "i")}</m:nary>`,
    "∑_(i=1)^n i",
  ],
  [
    `<m:func><m:fName><m:limLow>${part("e", "lim")}${part("lim", "n→∞")}</m:limLow></m:fName>${part("e", "a")}</m:func>`,
    "lim_(n→∞) a",
  ],
  [`<m:acc><m:accPr><m:chr m:val="̅"/></m:accPr>${part("e", "v")}</m:acc>`, "v\u0304"],
  [
    `<m:d><m:e><m:m><m:mr>${part("e", "1")}${part("e", "2")}</m:mr><m:mr>${part("e", "3")}${part("e", "4")}</m:mr></m:m></m:e></m:d>`,
    "(1, 2; 3, 4)",
  ],
  [run("sin\u2061") + run("θ"), "sin θ"],
  [`<m:eqArr>${part("e", "a&amp;=1")}${part("e", "b&amp;=2")}</m:eqArr>`, "a=1; b=2"],
])("Office's formulas in a line: %s", (source, text) => {
  expect(ommlText(readXml(`<m:oMath>${source}</m:oMath>`, "math"))).toBe(text);
});
