/** How a language's text shows in its letters. */
export interface Profile {
  language: string;
  /** Encodings that were used for it. */
  encodings: string[];
  /** Latin letters beyond a to z; or, in other scripts, the commonest letters or characters. */
  letters: string;
  /** Common short words, for Latin script. */
  words?: string;
  /** Which letters the commonest are counted among, for other scripts. */
  script?: RegExp;
  /** The share of `letters` in a real text of it, roughly. */
  share?: number;
}

const western = ["windows-1252"];
const central = ["windows-1250", "iso-8859-2"];
const cyrillic = ["windows-1251", "ibm866", "koi8-r", "koi8-u", "iso-8859-5", "x-mac-cyrillic"];

/** Languages by the encodings they were written in before Unicode. */
export const profiles: Profile[] = [
  {
    language: "English",
    encodings: western,
    letters: "éèïöüçñâêßàáó",
    words: "the of and to in is for that with on are as be at it",
  },
  {
    language: "German",
    encodings: western,
    letters: "äöüßÄÖÜ",
    words: "der die und das den von zu mit ist im für nicht ein eine auf sich des dem",
  },
  {
    language: "French",
    encodings: western,
    letters: "àâæçéèêëîïôœùûüÿÀÂÇÉÈÊËÎÏÔŒÙÛ",
    words: "le la les des et est en un une du que pour dans qui sur au par avec",
  },
  {
    language: "Spanish",
    encodings: western,
    letters: "áéíóúüñÁÉÍÓÚÜÑ",
    words: "el la los las de que en un una por con para del se es al como más",
  },
  {
    language: "Portuguese",
    encodings: western,
    letters: "áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚ",
    words: "o os as de que em um uma por com para do da não se no na é",
  },
  {
    language: "Italian",
    encodings: western,
    letters: "àèéìíîòóùúÀÈÉÌÒÙ",
    words: "il lo la gli di che in un una per con del della non si è sono",
  },
  {
    language: "Dutch",
    encodings: western,
    letters: "ëïéèóöüáÉË",
    words: "de het een en van in is dat op te zijn voor met niet aan",
  },
  {
    language: "Swedish",
    encodings: western,
    letters: "åäöéÅÄÖÉ",
    words: "och att det som en på är av för med till den har inte om ett",
  },
  {
    language: "Danish and Norwegian",
    encodings: western,
    letters: "æøåéÆØÅÉ",
    words: "og at det som en på er af av for med til den har ikke om et i",
  },
  {
    language: "Finnish",
    encodings: western,
    letters: "äöåÄÖÅšž",
    words: "ja on ei se että hän oli ovat mutta kun niin myös tai",
  },
  {
    language: "Icelandic",
    encodings: western,
    letters: "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ",
    words: "og að er sem til við um með það ekki en var hann",
  },
  {
    language: "Polish",
    encodings: central,
    letters: "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    words: "i w na z do się nie jest że o to po od za przez dla oraz jak są",
  },
  {
    language: "Czech",
    encodings: central,
    letters: "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ",
    words: "a v se na je že s z do o k i ve pro by ale za jsou jak nebo",
  },
  {
    language: "Slovak",
    encodings: central,
    letters: "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ",
    words: "a v sa na je že s z do o k aj vo pre by ale za sú ako alebo",
  },
  {
    language: "Hungarian",
    encodings: central,
    letters: "áéíóöőúüűÁÉÍÓÖŐÚÜŰ",
    words: "a az és hogy nem is egy ez meg de van volt ha csak mint már",
  },
  {
    language: "Romanian",
    encodings: central,
    letters: "ăâîşţĂÂÎŞŢ",
    words: "și şi de la în a cu pe nu un o din care este că mai sau pentru",
  },
  {
    language: "Croatian and Slovene",
    encodings: central,
    letters: "čćđšžČĆĐŠŽ",
    words: "i je u se na da za od su s a ili iz in v ki ne po",
  },
  {
    language: "Turkish",
    encodings: ["windows-1254"],
    letters: "çğıöşüâîûÇĞİÖŞÜ",
    words: "ve bir bu için de da ile olarak çok olan daha ne en gibi kadar",
  },
  {
    language: "Lithuanian and Latvian",
    encodings: ["windows-1257"],
    letters: "ąčęėįšųūžāēģīķļņĄČĘĖĮŠŲŪŽĀĒĢĪĶĻŅ",
    words: "ir kad tai su yra un kas par no ar uz ka ne",
  },
  {
    language: "Russian",
    encodings: cyrillic,
    letters: "оеаинтсрвлкм",
    script: /\p{Script=Cyrillic}/u,
    share: 0.72,
  },
  {
    language: "Ukrainian",
    encodings: cyrillic,
    letters: "оаиневітрсклу",
    script: /\p{Script=Cyrillic}/u,
    share: 0.7,
  },
  {
    language: "Greek",
    encodings: ["windows-1253", "iso-8859-7"],
    letters: "αοιετσνρυπςάό",
    script: /\p{Script=Greek}/u,
    share: 0.75,
  },
  {
    language: "Hebrew",
    encodings: ["windows-1255", "iso-8859-8"],
    letters: "יוהלאמרתבשנ",
    script: /\p{Script=Hebrew}/u,
    share: 0.76,
  },
  {
    language: "Arabic",
    encodings: ["windows-1256", "iso-8859-6"],
    letters: "اليمونترةبعد",
    script: /\p{Script=Arabic}/u,
    share: 0.76,
  },
  {
    language: "Thai",
    encodings: ["windows-874"],
    letters: "านรอกเงมลยวดท่้ัีิ",
    script: /\p{Script=Thai}/u,
    share: 0.75,
  },
  {
    language: "Japanese",
    encodings: ["shift_jis", "euc-jp"],
    letters: "のにはをたがでてとしれさいあるなくかもまっりらこすンーイスルト日本人大年",
    script: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー]/u,
    share: 0.5,
  },
  {
    language: "Korean",
    encodings: ["euc-kr"],
    letters: "이다의는에을가고한로지하기를도은사시대나인정자서어아부수해과",
    script: /[\p{Script=Hangul}\p{Script=Han}]/u,
    share: 0.45,
  },
  {
    language: "Chinese",
    encodings: ["gb18030", "big5"],
    letters:
      "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走義這個們來為國說時會對過發後裡現當沒動還進開實與長機關點業將兩間問並應戰頭體見產給門東聲員論處",
    script: /\p{Script=Han}/u,
    share: 0.5,
  },
];
