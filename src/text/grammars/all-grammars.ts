import type { Grammar } from "./grammar.ts";
import { arabic } from "./arabic.ts";
import { chinese } from "./chinese.ts";
import { danish } from "./danish.ts";
import { dutch } from "./dutch.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { hindi } from "./hindi.ts";
import { italian } from "./italian.ts";
import { japanese } from "./japanese.ts";
import { korean } from "./korean.ts";
import { norwegian } from "./norwegian.ts";
import { portuguese } from "./portuguese.ts";
import { russian } from "./russian.ts";
import { spanish } from "./spanish.ts";
import { swahili } from "./swahili.ts";
import { swedish } from "./swedish.ts";
import { turkish } from "./turkish.ts";
import { thai } from "./thai.ts";

/** English first: what says nothing of its language is taken for it. */
export const grammars: readonly Grammar[] = [
  english,
  german,
  french,
  spanish,
  italian,
  portuguese,
  dutch,
  swedish,
  danish,
  norwegian,
  swahili,
  russian,
  arabic,
  hindi,
  chinese,
  japanese,
  thai,
  korean,
  turkish,
];
