/** Windows-1252's characters of the bytes 0x80 to 0x9f; five of them are not taken. Its others are Latin-1's. */
export const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
