/** The demo shop: a language switch, and a button that opens the chat. */
import { directionOf, pickLanguage } from "../shared/language";
import type { Language } from "../shared/protocol";

interface Chat extends HTMLElement {
  open?(): void;
}

const kLanguageKey = "wasl.demo.language";
const chat = document.querySelector<Chat>("wasl-chat");

function speak(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  if (chat) chat.lang = language;
  if (chat) chat.title = language === "ar" ? "متجر نور" : "Noor Shop";
}

speak(
  pickLanguage(
    new URLSearchParams(location.search).get("lang"),
    localStorage.getItem(kLanguageKey),
    "ar",
  ),
);

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-language]")) {
  button.onclick = () => {
    const language = pickLanguage(button.dataset.language);
    localStorage.setItem(kLanguageKey, language);
    speak(language);
  };
}

document
  .querySelector<HTMLButtonElement>("[data-ask]")
  ?.addEventListener("click", () => chat?.open?.());
