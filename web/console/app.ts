/** The console: sign-in, the bar on top, offers, three panes, the keyboard, and the address that holds the view. */
import { LitElement, css, html, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { directionOf, pickLanguage } from "../shared/language";
import type { Language, Presence } from "../shared/protocol";
import { signOut } from "./api";
import { Desk } from "./desk";
import "./list";
import "./login";
import "./offer";
import "./packet";
import { icon } from "./parts";
import { ring, setSound, soundOn, unlockSound } from "./sound";
import { base } from "./styles";
import { kTexts, noticeText } from "./texts";
import type { ConsoleTexts } from "./texts";
import "./thread";
import type { ThreadPane } from "./thread";
import { canCommand, countOf, kLists, owns, rowsOf } from "./view";
import type { ListName, View } from "./view";

const kLanguageKey = "wasl.language";
const kPresences: readonly Presence[] = ["online", "away", "offline"];
const kSeenKey = "wasl.signed_in";

export class ConsoleApp extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        block-size: 100dvh;
      }
      .app {
        block-size: 100%;
        display: flex;
        flex-direction: column;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        padding: 8px 16px;
        background: var(--paper);
        border-block-end: 1px solid var(--line);
      }
      h1 {
        font-size: 18px;
        font-weight: 700;
        color: var(--accent);
      }
      .me {
        flex: 1;
        font-size: 14px;
        color: var(--soft);
      }
      .presence {
        display: inline-flex;
        padding: 2px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--ground);
      }
      .presence button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        padding: 3px 12px;
        border: 0;
        border-radius: 8px;
        background: none;
        font-size: 13.5px;
        color: var(--soft);
      }
      .presence button::before {
        content: "";
        inline-size: 8px;
        block-size: 8px;
        border-radius: 50%;
        border: 1.5px solid currentColor;
      }
      .presence [aria-pressed="true"] {
        background: var(--raised);
        color: var(--ink);
        font-weight: 600;
        box-shadow: 0 1px 2px #0002;
      }
      .presence [aria-pressed="true"][data-state="online"]::before {
        background: #1c9a5b;
        border-color: #1c9a5b;
      }
      .presence [aria-pressed="true"][data-state="away"]::before {
        background: #d99000;
        border-color: #d99000;
      }
      .presence [aria-pressed="true"][data-state="offline"]::before {
        background: var(--soft);
      }
      .banner {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 7px 18px;
        background: var(--warm-tint);
        color: var(--warm);
        font-size: 14px;
      }
      .banner span {
        flex: 1;
      }
      .offers {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        max-block-size: 45vh;
        overflow-y: auto;
        padding: 12px 16px;
      }
      .offers.none {
        display: none;
      }
      main {
        flex: 1;
        min-block-size: 0;
        display: grid;
        grid-template-columns: minmax(270px, 330px) minmax(0, 1fr) minmax(240px, 320px);
      }
      main > * {
        min-block-size: 0;
      }
      wasl-list {
        border-inline-end: 1px solid var(--line);
      }
      wasl-context {
        border-inline-start: 1px solid var(--line);
      }
      .wait {
        block-size: 100%;
        display: grid;
        place-content: center;
        gap: 10px;
        text-align: center;
      }
      dialog {
        inline-size: min(420px, 92vw);
        padding: 22px 26px;
        border: 1px solid var(--line);
        border-radius: 16px;
        background: var(--paper);
        color: var(--ink);
      }
      dialog::backdrop {
        background: #0006;
      }
      dialog h2 {
        margin-block-end: 10px;
        font-size: 18px;
      }
      dialog dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 7px 18px;
        align-items: baseline;
        margin-block-end: 18px;
      }
      dialog kbd {
        font-size: 13px;
        padding: 2px 7px;
        opacity: 1;
      }
      @media (max-width: 1080px) {
        main {
          grid-template-columns: minmax(240px, 300px) minmax(0, 1fr);
        }
        wasl-context {
          display: none;
        }
        main.more {
          grid-template-columns: minmax(0, 1fr) minmax(240px, 300px);
        }
        main.more wasl-context {
          display: block;
        }
        main.more wasl-list {
          display: none;
        }
      }
      @media (min-width: 1081px) {
        .more-button {
          display: none;
        }
      }
      @media (max-width: 760px) {
        main,
        main.more {
          grid-template-columns: minmax(0, 1fr);
        }
        .me,
        .keys {
          display: none;
        }
        .bar {
          justify-content: space-between;
          padding-inline: 10px;
        }
        .presence button {
          padding-inline: 8px;
        }
        main.open wasl-list,
        main:not(.open) wasl-thread,
        main.more wasl-thread {
          display: none;
        }
        .offers {
          padding-inline: 8px;
        }
      }
    `,
  ];

  @state() private view: View;
  @state() private language: Language;
  @state() private now = Date.now();
  @state() private at: string | undefined;
  @state() private sound = soundOn();
  @state() private more = false;
  @query("dialog") private help!: HTMLDialogElement | null;
  @query("wasl-thread") private thread!: ThreadPane | null;
  private readonly desk: Desk;
  private clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.language = pickLanguage(localStorage.getItem(kLanguageKey), navigator.language);
    this.desk = new Desk((view, before) => this.changed(view, before));
    this.view = this.desk.view;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.readAddress);
    addEventListener("keydown", this.onKey);
    addEventListener("pointerdown", unlockSound, { once: true });
    this.clock = setInterval(() => {
      this.now = Date.now();
      this.desk.tick(this.now);
    }, 1000);
    const { hash } = location;
    if (localStorage.getItem(kSeenKey)) this.desk.start();
    else this.desk.stop();
    history.replaceState(null, "", hash || "#/mine");
    this.readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.readAddress);
    removeEventListener("keydown", this.onKey);
    clearInterval(this.clock);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("language")) {
      document.documentElement.lang = this.language;
      document.documentElement.dir = directionOf(this.language);
    }
    const { offers } = this.view;
    const badge = offers.length + unreadOfMine(this.view);
    const { product, desk } = kTexts[this.language];
    document.title = `${badge ? `(${badge}) ` : ""}${offers.length ? "🔔 " : ""}${product} · ${desk}`;
  }

  protected override render() {
    const { view, language } = this;
    const texts = kTexts[language];
    if (view.link === "refused") {
      return html`<wasl-login
        .language=${language}
        .switchLanguage=${this.switchLanguage}
        @signed-in=${this.signedIn}
      ></wasl-login>`;
    }
    if (!view.agent) {
      return html`<div class="wait" role="status">
        <p>${view.link === "offline" ? texts.unreachable : texts.connecting}</p>
        <button class="button" @click=${() => this.desk.stop()}>${texts.sign_in}</button>
      </div>`;
    }
    return html`<div class="app">
      ${this.bar(texts)} ${this.banner(texts)}
      <div class="offers ${view.offers.length ? "" : "none"}" role="region" aria-live="assertive" aria-label=${texts.offers}>
        ${repeat(
          view.offers,
          (offer) => offer.conversation,
          (offer, place) =>
            html`<wasl-offer
              .first=${place === 0}
              .offer=${offer}
              .desk=${this.desk}
              .language=${language}
              .now=${this.now}
              .enabled=${canCommand(view, offer.conversation)}
            ></wasl-offer>`,
        )}
      </div>
      <main class="${view.selected ? "open" : ""} ${this.more && view.selected ? "more" : ""}">
        <wasl-list
          .view=${view}
          .desk=${this.desk}
          .language=${language}
          .now=${this.now}
          .at=${this.at}
        ></wasl-list>
        <wasl-thread
          .view=${view}
          .desk=${this.desk}
          .language=${language}
          .now=${this.now}
        ></wasl-thread>
        <wasl-context
          tabindex="0"
          role="complementary"
          aria-label=${texts.context}
          .view=${view}
          .language=${language}
          data-testid="context"
        ></wasl-context>
      </main>
      ${this.helpDialog(texts)}
    </div>`;
  }

  private bar(texts: ConsoleTexts) {
    const { view } = this;
    return html`<header class="bar">
      <h1>${texts.product}</h1>
      <p class="me"><bdi>${view.agent?.name}</bdi></p>
      <div class="presence" role="group" aria-label=${texts.presence} data-testid="presence">
        ${kPresences.map(
          (each) =>
            html`<button
              aria-pressed=${view.presence === each}
              data-state=${each}
              data-testid="presence-${each}"
              @click=${() => this.desk.setPresence(each)}
            >
              ${texts[each]}
            </button>`,
        )}
      </div>
      <span>
        ${
          view.selected
            ? html`<button
                class="button plain more-button"
                aria-pressed=${this.more}
                aria-label=${texts.context}
                data-testid="toggle-context"
                @click=${() => (this.more = !this.more)}
              >
                ${icon("info")}
              </button>`
            : nothing
        }
        <button
          class="button plain"
          aria-pressed=${this.sound}
          aria-label=${this.sound ? texts.sound_on : texts.sound_off}
          title=${this.sound ? texts.sound_on : texts.sound_off}
          data-testid="sound"
          @click=${this.toggleSound}
        >
          ${icon(this.sound ? "bell" : "mute")}
        </button>
        <button
          class="button plain keys"
          aria-label=${texts.help}
          title=${texts.help}
          @click=${() => this.help?.showModal()}
        >
          ?
        </button>
        <button class="button plain" data-testid="language" @click=${this.switchLanguage}>
          ${texts.other_language}
        </button>
        <button class="button plain" data-testid="sign-out" @click=${this.leave}>
          ${texts.sign_out}
        </button>
      </span>
    </header>`;
  }

  private banner(texts: ConsoleTexts) {
    const { view } = this;
    if (view.link !== "online") {
      return html`<div class="banner" role="status" data-testid="offline">
        ${icon("alert")} <span>${texts.offline_banner}</span>
      </div>`;
    }
    if (!view.notice) return nothing;
    return html`<div class="banner" role="alert" data-testid="notice">
      ${icon("alert")} <span dir="auto">${noticeText(view.notice, texts)}</span>
      <button
        class="button plain"
        aria-label=${texts.close}
        @click=${() => this.desk.notify(undefined)}
      >
        ${icon("cross")}
      </button>
    </div>`;
  }

  private helpDialog(texts: ConsoleTexts) {
    const keys: readonly (readonly [keys: string, meaning: string])[] = [
      ["J  K", texts.key_move],
      ["Enter", texts.key_open],
      ["R", texts.key_reply],
      ["N", texts.key_note],
      ["A", texts.key_accept],
      ["T", texts.key_take],
      ["E", texts.key_resolve],
      ["Ctrl + Enter", texts.key_send],
      ["?", texts.key_help],
    ];
    return html`<dialog aria-label=${texts.help} data-testid="help">
      <h2>${texts.help}</h2>
      <dl>
        ${keys.map(
          ([key, meaning]) =>
            html`<dt><kbd dir="ltr">${key}</kbd></dt>
              <dd>${meaning}</dd>`,
        )}
      </dl>
      <form method="dialog"><button class="button main">${texts.close}</button></form>
    </dialog>`;
  }

  private changed(view: View, before: View): void {
    this.view = view;
    if (view.agent && !before.agent) localStorage.setItem(kSeenKey, "1");
    if (view.link === "refused") localStorage.removeItem(kSeenKey);
    const rang = new Set(before.offers.map((offer) => `${offer.conversation} ${offer.epoch}`));
    if (view.offers.some((offer) => !rang.has(`${offer.conversation} ${offer.epoch}`))) {
      this.now = Date.now();
      ring();
    }
    if (view.list !== before.list || view.selected !== before.selected) this.writeAddress();
    if (view.selected !== before.selected) this.at = view.selected;
  }

  private writeAddress(): void {
    const { list, selected } = this.view;
    const hash = `#/${list}${selected ? `/${encodeURIComponent(selected)}` : ""}`;
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }

  private readonly readAddress = (): void => {
    const [, list, conversation] = location.hash.split("/");
    if (kLists.some((each) => each === list)) this.desk.show(list as ListName);
    if (conversation) this.desk.select(decodeURIComponent(conversation));
  };

  private readonly signedIn = (): void => {
    unlockSound();
    this.desk.start();
  };

  private readonly leave = (): void => {
    void signOut();
    this.desk.stop();
  };

  private readonly switchLanguage = (): void => {
    this.language = this.language === "ar" ? "en" : "ar";
    localStorage.setItem(kLanguageKey, this.language);
  };

  private readonly toggleSound = (): void => {
    unlockSound();
    this.sound = !this.sound;
    setSound(this.sound);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const writes = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (writes || event.ctrlKey || event.metaKey || event.altKey || !this.view.agent) return;
    if (this.help?.open) return;
    if (event.key === "?" || event.key === "؟") {
      this.help?.showModal();
      event.preventDefault();
      return;
    }
    const onButton = target instanceof HTMLElement && target.closest("button, summary") !== null;
    // Places on the keyboard, not letters: they are the same under an Arabic layout.
    const action = this.keyAction(event.code, onButton);
    if (!action) return;
    event.preventDefault();
    action();
  };

  private keyAction(code: string, onButton: boolean): (() => void) | undefined {
    const { view, desk } = this;
    const selected = view.selected ? view.conversations[view.selected] : undefined;
    switch (code) {
      case "KeyJ":
        return () => this.move(1);
      case "KeyK":
        return () => this.move(-1);
      case "Enter":
        return onButton || this.at === undefined ? undefined : () => desk.select(this.at);
      case "KeyR":
        return () => this.thread?.compose("reply");
      case "KeyN":
        return () => this.thread?.compose("note");
      case "KeyA": {
        const offer = view.offers[0];
        return offer
          ? () => desk.order(offer.conversation, { type: "accept" }, offer.epoch)
          : undefined;
      }
      case "KeyT":
        return selected && !owns(selected, view.agent)
          ? () => desk.order(selected.conversation, { type: "take" })
          : undefined;
      case "KeyE":
        return () => this.thread?.openResolve();
      default:
        return undefined;
    }
  }

  private move(step: number): void {
    const rows = rowsOf(this.view, this.view.list);
    const here = rows.findIndex((each) => each.conversation === this.at);
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    this.at = rows[Math.min(rows.length - 1, Math.max(0, next))]?.conversation;
  }
}
customElements.define("wasl-console", ConsoleApp);

const unreadOfMine = (view: View): number =>
  countOf(view, "mine") === 0
    ? 0
    : rowsOf(view, "mine").filter(
        (each) => (each.unread ?? 0) > 0 && each.conversation !== view.selected,
      ).length;
