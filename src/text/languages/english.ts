// What of English the rest of the room needs to know.

const words = (list: string): string[] => list.split(/\s+/u);

/** Words that say nothing about what a sentence is about. */
export const stopWords: ReadonlySet<string> = new Set(
  words(
    "a about above after again all also an and any are as at be because been before being below between both but by can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other our out over own per same she should so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who whom why will with would you your yes",
  ),
);

/** Words that an answer may add or leave out and yet say the same. */
export const functionWords: ReadonlySet<string> = new Set(
  words(`a an the and or of to in on at by for from with without into onto per than then as is are was were be been being it its
  this that these those there they he she we you i their his her our your my has have had do does did will would can could
  may might must shall should each every any all some only also just about around approximately at up if when while which
  who whom whose what not no yes more most less least`),
);

/** By value, from 0. */
export const smallNumbers = words(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
);
/** 30, 40 and so on. */
export const tens = words("thirty forty fifty sixty seventy eighty ninety");
/** By value, from 0. */
export const smallOrdinals = words(
  "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
);

/** The word with its full stop, which ends no sentence. */
export const abbreviation =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|sec|fig|art|approx|vs|etc|e\.g|i\.e|\p{L})\.$/iu;
/** `No. 4` is a number, `No. The ferry is full.` a denial. */
export const numberSign = /(?:^|[\s(])nos?\.$/iu;

/** What models open with before they answer. */
export const leadIns = [
  /^(?:short |final |direct )?answer\s*[:-]\s*/iu,
  /^(?:sure|certainly|of course|okay|well)\s*[,!.:]\s*/iu,
  /^(?:the|my) (?:short |correct |final |direct )?answer(?: to (?:the|your|this) question)? is(?: that)?\s*[:,]?\s*/iu,
  /^(?:according to|based on|as stated in|as per|per) (?:[^,.]|\.\d){1,80},\s*/iu,
  /^(?:in short|in summary|to summarise|to answer your question)\s*[,:]\s*/iu,
  /^(?:it is stated that|the (?:document|passage|handbook|text|context)s? (?:says?|states?)(?: that)?)\s*[:,]?\s*/iu,
];
