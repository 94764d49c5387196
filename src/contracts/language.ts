/** Languages whose words are told apart and brought to their stems, ISO 639-1. */
// prettier-ignore
export const languageCodes = [
  "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu",
  "hy", "id", "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "sw", "ta", "th",
  "tr", "uk", "ur", "vi", "zh",
] as const;
export type LanguageCode = (typeof languageCodes)[number];
