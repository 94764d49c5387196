import { expect, test } from "vitest";
import { findPersonalData, maskPersonalData } from "./personal-data.ts";

const found = (text: string, names?: string[]) =>
  findPersonalData(text, names).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

// Numbers that the standards and the networks give as examples.
test.each([
  ["Write to ann.lee+ferry@mail.example.org.", [["e-mail", "ann.lee+ferry@mail.example.org"]]],
  ["jürgen@münchen.example", [["e-mail", "jürgen@münchen.example"]]],
  ["Pay to GB82 WEST 1234 5698 7654 32, please", [["IBAN", "GB82 WEST 1234 5698 7654 32"]]],
  ["DE89370400440532013000", [["IBAN", "DE89370400440532013000"]]],
  [
    "card 4111 1111 1111 1111 or 378282246310005",
    [
      ["card", "4111 1111 1111 1111"],
      ["card", "378282246310005"],
    ],
  ],
  [
    "from 192.168.0.1, 2001:db8::ff00:42:8329",
    [
      ["IP address", "192.168.0.1"],
      ["IP address", "2001:db8::ff00:42:8329"],
    ],
  ],
  [
    "Call +44 20 7946 0958, 1-800-555-0199 or (977) 625-2661.",
    [
      ["phone", "+44 20 7946 0958"],
      ["phone", "1-800-555-0199"],
      ["phone", "(977) 625-2661"],
    ],
  ],
  [
    "020-7946-0958, 030 / 901820, 0049 30 901820",
    [
      ["phone", "020-7946-0958"],
      ["phone", "030 / 901820"],
      ["phone", "0049 30 901820"],
    ],
  ],
  [
    "Owed to CH93 0076 2011 6238 5295 7 BY MONDAY, gb82 west 1234 5698 7654 32",
    [
      ["IBAN", "CH93 0076 2011 6238 5295 7"],
      ["IBAN", "gb82 west 1234 5698 7654 32"],
    ],
  ],
  [
    "phone number: 5551234, Tel. 12345678, fax no. 555 12 34",
    [
      ["phone", "5551234"],
      ["phone", "12345678"],
      ["phone", "555 12 34"],
    ],
  ],
  // A non-breaking space and hyphen, full-width digits.
  ["4111\u00a01111\u20111111 １１１１", [["card", "4111\u00a01111\u20111111 １１１１"]]],
  ["'o'brien@mail.example'", [["e-mail", "o'brien@mail.example"]]],
  ["ann [at] mail [dot] example", [["e-mail", "ann [at] mail [dot] example"]]],
  ["06.12.34.56.78", [["phone", "06.12.34.56.78"]]],
  ["Llame al 91 123 45 67", [["phone", "91 123 45 67"]]],
  ["手机号13812345678", [["phone", "13812345678"]]],
  ["(11) 91234-5678", [["phone", "(11) 91234-5678"]]],
  ["8 (495) 123-45-67", [["phone", "8 (495) 123-45-67"]]],
  ["<tel:+442079460958>", [["phone", "+442079460958"]]],
  ["DE89.3704.0044.0532.0130.00", [["IBAN", "DE89.3704.0044.0532.0130.00"]]],
  ["4111111111111111 12/27 123", [["card", "4111111111111111"]]],
  ["10.0.0.1:8080", [["IP address", "10.0.0.1"]]],
  ["::ffff:192.0.2.128", [["IP address", "::ffff:192.0.2.128"]]],
])("%s", (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test.each([
  "GB82 WEST 1234 5698 7654 33",
  "card 4111 1111 1111 1112",
  "order 9111111111111111",
  "on 12.03.2024 at 10:15:30, or 2024-03-12 10:15",
  "version 1.2.3.4, 300.1.1.1",
  "It costs 1,250,000.00 or 1 250 000 pounds",
  "ISBN 0-306-40615-2",
  "a @ b, @handle, C++ 11:30",
  "from 1990 to 2024, pages 100-120",
  "room 12 34 56 78 90",
  "probability 0.123456789",
  "serial number 0123 4567 8901",
  "Kundennummer 0123 456789",
  "commande n° 01 42 68 53 00",
  "IMEI 490154203237518",
  "order 4539578763621486",
  "call me on 2024-03-12",
  "chapter 1.2.3.4, file-1.2.3.4.tar.gz, foo==1.2.3.4",
  "a::b, abc::def, 10:20::30",
  "git@code.example.com:user/repo.git, ssh://git@code.example/repo, postgres://user:pass@db.example.com",
  "image@2x.png",
])("%s names nobody", (text) => {
  expect(found(text)).toEqual([]);
});

test("names of a list are found as whole words, and everything is masked", () => {
  const text = "Ann Oakes (ann@x.example) met Annabel, and Ann Oakes's card is 4111-1111-1111-1111.";
  expect(maskPersonalData(text, ["Ann Oakes"])).toBe(
    "[NAME] ([E-MAIL]) met Annabel, and [NAME]'s card is [CARD].",
  );
});
