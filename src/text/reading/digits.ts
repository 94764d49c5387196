import type { Grammar } from "../grammars/grammar.ts";

/** Digits as a number by the language's separators; undefined for what is no amount in any (`1.2.3`). */
export function numberOf(digits: string, { decimal }: Pick<Grammar, "decimal">): number | undefined {
  const plain = digits.replace(/[ ']/gu, "");
  const [commas, dots] = [plain.split(",").length - 1, plain.split(".").length - 1];
  const groups = (mark: string): boolean =>
    new RegExp(`^[1-9]\\d{0,2}(?:[${mark}]\\d{3})+$`, "u").test(plain) ||
    (mark === "," && /^[1-9]\d?(?:,\d{2})+,\d{3}$/u.test(plain));
  if (commas > 0 && dots > 0) {
    const last = Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."));
    return Number(`${plain.slice(0, last).replace(/[.,]/gu, "")}.${plain.slice(last + 1)}`);
  }
  if (commas > 1) return groups(",") ? Number(plain.replaceAll(",", "")) : undefined;
  if (dots > 1) return groups(".") ? Number(plain.replaceAll(".", "")) : undefined;
  if (commas === 1) return Number(plain.replace(",", groups(",") && decimal === "." ? "" : "."));
  if (dots === 1) return Number(groups(".") && decimal === "," ? plain.replace(".", "") : plain);
  return Number(plain);
}

/** Letters behind digits that multiply them. */
export const magnitudes: Record<string, number> = {
  k: 1000,
  K: 1000,
  M: 1e6,
  bn: 1e9,
  B: 1e9,
  mn: 1e6,
  m: 1,
};

/** `1.5e6` */
export const scientific = /(\d+(?:\.\d+)?)e([+-]?\d{1,2})(?![\p{L}\d])/uy;
