import type { Language } from "./protocol";

/** The first of `tags` that names a language we speak, else English.  `tags` are BCP 47, or empty. */
export function pickLanguage(...tags: (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const language = tag?.toLowerCase().split("-")[0];
    if (language === "ar" || language === "en") return language;
  }
  return "en";
}

export const directionOf = (language: Language): "rtl" | "ltr" =>
  language === "ar" ? "rtl" : "ltr";

/** The same texts for every language; English is the measure of what must be there. */
export type Texts<T> = Readonly<Record<Language, T>>;

/** Full tags: Latin digits and the Gregorian calendar in both languages. */
export const localeOf = (language: Language): string =>
  language === "ar" ? "ar-u-nu-latn-ca-gregory" : "en-GB";
