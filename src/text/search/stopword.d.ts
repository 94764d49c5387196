declare module "stopword" {
  type Words = readonly string[];
  export const ara: Words, bul: Words, cat: Words, ces: Words, dan: Words, deu: Words, ell: Words, eng: Words;
  export const fas: Words, fin: Words, fra: Words, heb: Words, hin: Words, hun: Words, hye: Words, ind: Words;
  export const ita: Words, jpn: Words, kor: Words, nld: Words, nob: Words, pol: Words, por: Words, ron: Words;
  export const rus: Words, spa: Words, swa: Words, swe: Words, tha: Words, tur: Words, ukr: Words, urd: Words;
  export const vie: Words, zho: Words;
}
