import { expect, test } from "vitest";
import { defaultParseOptions } from "../parser.ts";
import { parseEml } from "./parse-eml.ts";

const eml = (lines: string[]) =>
  parseEml(Buffer.from(lines.join("\r\n"), "latin1"), "ask.eml", defaultParseOptions);

const head = ["From: Ida <ida@pier.example>", "To: Ole <ole@pier.example>", "Subject: Fares"];

test("EML: each part in its own encoding; attached texts and messages are read, others named", async () => {
  const { title, text, headings, warnings } = await eml([
    ...head,
    "Date: Tue, 3 Mar 2026 23:30:00 -0500 (EST)",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: text/plain; charset=iso-8859-2",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Op=B3ata za psa: 5 =",
    "euro",
    "--b",
    "Content-Type: text/plain; name=cats.txt",
    "Content-Disposition: attachment; filename=cats.txt",
    "",
    "Cats pay 2 euros.",
    "--b",
    "Content-Type: image/png; name=pier.png",
    "Content-Disposition: attachment; filename=pier.png",
    "",
    "x",
    "--b",
    "Content-Type: message/rfc822",
    "",
    "From: Per <per@pier.example>",
    "Subject: =?iso-8859-1?Q?F=E4hre?=",
    "Date: Mon, 2 Mar 2026 09:00:00 +0900",
    "Content-Type: text/html; charset=utf-8",
    "",
    "<p>Horses pay <b>9</b> euros.</p>",
    "--b--",
  ]);
  expect(title).toBe("Fares");
  expect(text).toBe(
    "Fares\n\nFrom: Ida <ida@pier.example>\nTo: Ole <ole@pier.example>\nDate: Tue, 3 Mar 2026 23:30:00 -0500\n\n" +
      "Opłata za psa: 5 euro\n\nAttachment: cats.txt\n\nCats pay 2 euros.\n\n" +
      "Attached message: Fähre\n\nFrom: Per <per@pier.example>\nDate: Mon, 2 Mar 2026 09:00:00 +0900\n\nHorses pay 9 euros.",
  );
  expect(headings.map(({ level, text: heading }) => `${level} ${heading}`)).toEqual([
    "1 Fares",
    "2 Attachment: cats.txt",
    "2 Attached message: Fähre",
  ]);
  expect(warnings).toEqual(["The attachment pier.png was not read."]);
});

test("EML: Japanese mail shifts between its letters", async () => {
  const { text } = await eml([
    ...head,
    "Content-Type: text/plain; charset=iso-2022-jp",
    "Content-Transfer-Encoding: 7bit",
    "",
    "\u001b$B%U%'%j!<\u001b(B 5",
  ]);
  expect(text).toContain("フェリー 5");
});
