import { expect, test } from "vitest";
import { decodeText } from "./text-encoding.ts";

test("text encodings", () => {
  const text = "Grüße, naïve café: €5";
  expect(decodeText(Buffer.from(text))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`, "utf16le"))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`, "utf16le").swap16())).toBe(text);
  expect(decodeText(Buffer.from(text, "utf16le"))).toBe(text);
  const western = Buffer.from("Grüße, naïve café in many plain words", "latin1");
  expect(decodeText(western)).toBe("Grüße, naïve café in many plain words");
  for (const bytes of [
    Buffer.from("Привет, мир").map((byte) => byte ^ 0x55),
    Buffer.from([0xff, 0xfe, 0x00]),
  ]) {
    expect(() => decodeText(bytes)).toThrow();
  }
});

test("text that is ASCII but for its escapes is read, or refused", () => {
  const japanese = Buffer.from("\u001b$BF~>lNA\u001b(B 500", "latin1");
  expect(decodeText(japanese)).toBe("入場料 500");
  expect(decodeText(Buffer.from("\u001b[1mbold\u001b[0m", "latin1"))).toContain("bold");
  expect(() => decodeText(Buffer.from("\u001b$)C\u000eGQ1[\u000f", "latin1"))).toThrow(/ISO-2022-KR/);
});

/** Text, and its bytes in the encoding, in hex. */
const older: [encoding: string, text: string, hex: string][] = [
  [
    "cp1250",
    "Opłata za wjazd wynosi pięć złotych, a psy muszą być na smyczy.",
    "4f70b3617461207a6120776a617a642077796e6f7369207069eae6207ab36f747963682c206120707379206d75737ab9206279e6206e6120736d79637a792e",
  ],
  [
    "iso8859_2",
    "Opłata za wjazd wynosi pięć złotych, a psy muszą być na smyczy.",
    "4f70b3617461207a6120776a617a642077796e6f7369207069eae6207ab36f747963682c206120707379206d75737ab1206279e6206e6120736d79637a792e",
  ],
  [
    "cp1254",
    "Giriş ücreti beş liradır. Köpekler tasma ile gezdirilmeli.",
    "47697269fe20fc6372657469206265fe206c69726164fd722e204bf670656b6c6572207461736d6120696c652067657a646972696c6d656c692e",
  ],
  [
    "cp1251",
    "Вход стоит пять рублей. Собак нужно вести на поводке.",
    "c2f5eee420f1f2eee8f220effff2fc20f0f3e1ebe5e92e20d1eee1e0ea20edf3e6edee20e2e5f1f2e820ede020efeee2eee4eae52e",
  ],
  [
    "cp866",
    "Вход стоит пять рублей. Собак нужно вести на поводке.",
    "82e5aea420e1e2aea8e220afefe2ec20e0e3a1aba5a92e2091aea1a0aa20ade3a6adae20a2a5e1e2a820ada020afaea2aea4aaa52e",
  ],
  [
    "shift_jis",
    "入場料は五百円です。犬はリードをつけてください。",
    "93fc8fea97bf82cd8cdc9553897e82c582b781428ca282cd838a815b836882f082c282af82c482ad82be82b382a28142",
  ],
  [
    "gbk",
    "门票五元。狗必须拴好，六岁以下的儿童免费入场，老人也可以不用付钱。",
    "c3c5c6b1cee5d4aaa1a3b9b7b1d8d0ebcba9bac3a3acc1f9cbead2d4cfc2b5c4b6f9cdafc3e2b7d1c8ebb3a1a3acc0cfc8cbd2b2bfc9d2d4b2bbd3c3b8b6c7aea1a3",
  ],
  [
    "euc_kr",
    "입장료는 오백 원입니다. 개는 줄에 묶어야 하고 어린이는 무료입니다.",
    "c0d4c0e5b7e1b4c220bfc0b9e920bff8c0d4b4cfb4d92e20b0b3b4c220c1d9bfa120b9adbeeebedf20c7cfb0ed20beeeb8b0c0ccb4c220b9abb7e1c0d4b4cfb4d92e",
  ],
  [
    "utf_32_le",
    "Вход стоит пять рублей.",
    "12040000450400003e040000340400002000000041040000420400003e0400003804000042040000200000003f0400004f040000420400004c040000200000004004000043040000310400003b04000035040000390400002e000000",
  ],
  [
    "utf_16_le",
    "门票五元。狗必须拴好，六岁以下的儿童免费入场，老人也可以不用付钱。",
    "e8956879944e43510230d772c55f7b98f4627d590cff6d51815ce54e0b4e84763f51e57a4d51398d65513a570cff0180ba4e5f4eef53e54e0d4e2875d84eb1940230",
  ],
];

test.each(older)("text in %s is read, and a guess is told", (encoding, text, hex) => {
  const told: string[] = [];
  expect(decodeText(Buffer.from(hex, "hex"), { warn: (message) => told.push(message) })).toBe(text);
  expect(told).toHaveLength(encoding.startsWith("utf") ? 0 : 1);
});

test("UTF-8 with a lost byte is told as damaged, be it short: its letters are not those of another encoding", () => {
  const damaged = Buffer.concat([Buffer.from("Là où"), Buffer.from([0xf9]), Buffer.from(" est la gare")]);
  expect(() => decodeText(damaged)).toThrow("UTF-8 text, damaged or cut off at byte 7");
});
