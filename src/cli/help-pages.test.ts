import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodes } from "../contracts/index.ts";
import { helpPage } from "./help-pages.ts";
import { createProgram } from "./program.ts";

test("docs/cli.md tells every exit code in the words of `lorag help exit-codes`", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
  const told = [...page.matchAll(/^\| (\d+)\s+\| (.*?)\s+\|$/gm)].map(([, code, meaning]) => [code, meaning]);
  const printed = [...helpPage("exit-codes")!.matchAll(/^ *(\d+) {2}[\w-]+ +(.*)$/gm)].map(
    ([, code, meaning]) => [code, meaning],
  );
  expect(told).toEqual(printed);
  expect(told.map(([code]) => Number(code))).toEqual([0, ...Object.values(exitCodes)]);
});

test("docs/cli.md tells every command, every option and its default", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
  for (const command of createProgram().commands) {
    expect(page).toContain(`lorag ${command.name()}`);
    for (const { long, defaultValue } of command.options) {
      expect(page).toContain(defaultValue === undefined ? `${long}` : `\`${long} ${defaultValue}\``);
    }
  }
  expect(page).toContain("`compare --json`");
});

test("no command of README.md needs a lorag that is installed for the whole machine", () => {
  const page = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
  const commands = blocks.flatMap((block) => block.split(/\n|&&/)).map((line) => line.trim());
  expect(commands).toContainEqual(expect.stringMatching(/^npx lorag compare/));
  expect(commands.filter((line) => line.startsWith("lorag"))).toEqual([]);
});
