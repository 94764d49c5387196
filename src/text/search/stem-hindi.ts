/**
 * Inflections of Hindi nouns, adjectives and verbs, longest first: the lightweight stemmer of Ramanathan and Rao, "A
 * Lightweight Stemmer for Hindi" (EACL 2003 workshop), takes the longest that leaves a stem.
 */
const endings = (
  "ाएंगी ाएंगे ाऊंगी ाऊंगा ाइयाँ ाइयों ाइयां ाएगी ाएगा ाओगी ाओगे एंगी ेंगी एंगे ेंगे ूंगी ूंगा ातीं नाओं नाएं " +
  "ताओं ताएं ियाँ ियों ियां ाकर ाइए ाईं ाया ेगी ेगा ोगी ोगे ाने ाना ाते ाती ाता तीं ाओं " +
  "ाएं ुओं ुएं ुआं कर ाओ िए ाई ाए ने नी ना ते ीं ती ता ाँ ां ों ें " +
  "ो े ू ु ी ि ा"
).split(" ");

export function stemHindi(word: string): string {
  const ending = endings.find((each) => word.endsWith(each) && word.length > each.length + 1);
  return ending ? word.slice(0, -ending.length) : word;
}
