/** The chat itself: draws a View, hands what the visitor does to the Session. */
import { LitElement, html, nothing, svg } from "lit";
import type { TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { directionOf } from "../shared/language";
import { isolatedText, linkedText } from "../shared/draw";
import { clockText } from "../shared/times";
import type { Language } from "../shared/protocol";
import { Session } from "./session";
import { styles } from "./styles";
import { closedText, kTexts, noticeText, statusText, waitText } from "./texts";
import type { WidgetTexts } from "./texts";
import { emptyView, quickReplies, unread } from "./view";
import type { Delivery, Line, View } from "./view";

const icon = (paths: TemplateResult, name = "") =>
  html`<svg class=${name} viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;
const kCross = svg`<path d="M6 6l12 12M18 6L6 18" />`;
const kPlane = svg`<path d="M4 12l16-8-5 16-3.5-6.500z" /><path d="M11.5 13.500L20 4" />`;
const kPerson = svg`<circle cx="12" cy="8" r="3.5" /><path d="M5 20c.6-4 3.3-6 7-6s6.4 2 7 6" />`;
const kTicks: Readonly<Record<Exclude<Delivery, "failed">, TemplateResult>> = {
  sending: svg`<circle cx="12" cy="12" r="8" /><path d="M12 7.500V12l3 2" />`,
  sent: svg`<path d="M5 12.500l4.5 4.500L19 7.5" />`,
  delivered: svg`<path d="M2 12.500L6.5 17 16 7.500M11.5 16.500l.5.5 9.5-9.5" />`,
  read: svg`<path d="M2 12.500L6.5 17 16 7.500M11.5 16.500l.5.5 9.5-9.5" />`,
};

/** Choices that can carry a way to reach the visitor. */
const kNeedsContact: readonly string[] = ["callback", "leave_message"];

/** Unicode code points: what the server's limit counts. */
const codePoints = (text: string): number => [...text].length;

export class Panel extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) server = location.origin;
  @property({ attribute: false }) pageLanguage: Language = "en";
  @property({ attribute: false }) locale = "en";
  @property({ attribute: false }) heading = "";
  @property({ type: Boolean, reflect: true }) open = false;

  @state() private view: View = emptyView("en");
  @state() private draft = "";
  @state() private choosing = "";
  @query("textarea") private input!: HTMLTextAreaElement;
  @query(".log") private log!: HTMLElement;

  private session: Session | undefined;
  private told = 0;
  private atEnd = true;

  override connectedCallback(): void {
    super.connectedCallback();
    this.session = new Session(this.server, this.pageLanguage, this.locale, (view) => {
      this.view = view;
    });
    this.view = this.session.view;
    this.session.start();
    if (this.open) this.session.open(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session?.stop();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("open")) this.session?.open(this.open);
    if (changed.get("pageLanguage")) this.session?.speak(this.pageLanguage);
    if (!this.view.queue) this.choosing = "";
    if (this.log)
      this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  protected override updated(changed: Map<string, unknown>): void {
    const count = unread(this.view);
    if (count !== this.told) {
      this.told = count;
      this.dispatchEvent(new CustomEvent("wasl-unread", { detail: count }));
    }
    if (changed.has("open") && this.open) {
      this.input.focus();
      this.atEnd = true;
    }
    if (this.atEnd && this.log) this.log.scrollTop = this.log.scrollHeight;
  }

  protected override render() {
    const { view } = this;
    const { language } = view;
    const texts = kTexts[language];
    return html`<section
      class="panel"
      part="panel"
      role="dialog"
      aria-label=${this.heading || texts.title}
      lang=${language}
      dir=${directionOf(language)}
      title=""
      @keydown=${this.onKey}
    >
      <div class="header" part="header">
        <div>
          <h2><bdi>${this.heading || texts.title}</bdi></h2>
          <p class="status" data-testid="status">
            ${statusText(view, language)}
            ${
              view.state === "human" && view.owner?.name
                ? html`<bdi>${view.owner.name}</bdi>`
                : nothing
            }
          </p>
        </div>
        <button class="icon" data-testid="close" aria-label=${texts.close} @click=${this.close}>
          ${icon(kCross)}
        </button>
      </div>
      ${this.banner(texts)}
      <div
        class="log"
        part="log"
        role="log"
        tabindex="0"
        aria-label=${texts.log}
        aria-live=${view.link === "online" ? "polite" : "off"}
        data-testid="log"
      >
        ${view.past.map((line, i) => this.line(line, view.past[i - 1], texts, true))}
        ${view.past.length ? html`<p class="between">${texts.earlier} ↑</p>` : nothing}
        ${
          view.greeting
            ? this.line(
                { kind: "text", from: "bot", at: "", ...view.greeting, buttons: [] },
                undefined,
                texts,
              )
            : nothing
        }
        ${repeat(
          view.lines,
          (line) => line.clientId ?? line.seq,
          (line, i) => this.line(line, view.lines[i - 1], texts),
        )}
        ${this.replies()}
        ${
          view.typing
            ? html`<div class="row head" data-testid="typing">
                <p class="bubble dots" aria-label=${texts.typing} role="img">
                  <i></i><i></i><i></i>
                </p>
              </div>`
            : nothing
        }
      </div>
      ${this.queue(texts)} ${this.rating(texts)} ${this.footer(texts)}
    </section>`;
  }

  private banner(texts: WidgetTexts) {
    const { view } = this;
    if (view.link === "refused")
      return html`<div class="banner" role="alert">${texts.refused}</div>`;
    if (view.stale) {
      return html`<div class="banner" role="status" data-testid="offline">
        <span>${texts.reconnecting}</span>
      </div>`;
    }
    if (view.notice) {
      return html`<div class="banner" role="alert" data-testid="notice">
        <span dir="auto">${noticeText(view.notice, view.language)}</span>
        <button class="icon" aria-label=${texts.dismiss} @click=${() => this.session?.dismiss()}>
          ${icon(kCross)}
        </button>
      </div>`;
    }
    const closed = view.state === "human" ? "" : closedText(view, view.language);
    return closed
      ? html`<div class="banner" data-testid="hours"><span>${closed}</span></div>`
      : nothing;
  }

  private line(line: Line, before: Line | undefined, texts: WidgetTexts, past = false) {
    if (line.kind === "owner") {
      return html`<p class="between">${texts.talking_to} <bdi>${line.name}</bdi></p>`;
    }
    const head =
      !before || before.kind !== "text" || before.from !== line.from || before.name !== line.name;
    const who =
      line.from === "visitor" ? "" : (line.name ?? (line.from === "bot" ? texts.bot : ""));
    return html`<div class="row ${line.from} ${head ? "head" : ""} ${past ? "past" : ""}">
      ${
        head && who
          ? html`<p class="who"><bdi>${who}</bdi></p>`
          : html`<span class="hidden">${line.from === "visitor" ? texts.you : who}:</span>`
      }
      <span
        class="bubble"
        part="bubble"
        dir="auto"
        lang=${line.language ?? nothing}
        data-testid="message"
        data-from=${line.from}
        data-delivery=${line.delivery ?? nothing}
        data-seq=${line.seq ?? nothing}
        >${line.from === "visitor" ? isolatedText(line.text) : linkedText(line.text)}</span
      >
      ${this.meta(line, texts)}
    </div>`;
  }

  private meta(line: Line, texts: WidgetTexts) {
    if (line.delivery === "failed") {
      return html`<button
        class="retry"
        data-testid="retry"
        @click=${() => this.session?.retry(line.clientId ?? "")}
      >
        ${texts.retry}
      </button>`;
    }
    if (!line.at || (line.from !== "visitor" && !this.endsGroup(line))) return nothing;
    return html`<div class="meta">
      <time>${clockText(line.at, this.view.language, Date.now())}</time>
      ${
        line.delivery
          ? html`${icon(kTicks[line.delivery], `ticks ${line.delivery}`)}<span class="hidden"
                >${texts[line.delivery]}</span
              >`
          : nothing
      }
    </div>`;
  }

  private endsGroup(line: Line): boolean {
    const next = this.view.lines[this.view.lines.indexOf(line) + 1];
    return next?.from !== line.from;
  }

  private replies() {
    const buttons = quickReplies(this.view);
    if (!buttons.length) return nothing;
    return html`<div class="choices" data-testid="quick-replies">
      ${buttons.map(
        ({ id, title }) =>
          html`<button
            class="choice"
            dir="auto"
            data-testid="quick-reply"
            data-button=${id}
            @click=${() => this.act(() => this.session?.tap(id, title))}
          >
            ${title}
          </button>`,
      )}
    </div>`;
  }

  private queue(texts: WidgetTexts) {
    const { queue, language } = this.view;
    if (!queue) return nothing;
    const place =
      queue.position === undefined
        ? ""
        : queue.position <= 1
          ? texts.queue_next
          : html`${texts.queue_position} <bdi data-testid="queue-position">${queue.position}</bdi>`;
    return html`<div class="card" role="status" data-testid="queue-card">
      <h3>${texts.queue_title}</h3>
      <p>${place}</p>
      ${queue.wait ? html`<p>${texts.queue_wait} ${waitText(queue.wait, language)}.</p>` : nothing}
      ${
        this.choosing
          ? this.contactForm(texts)
          : html`<div class="choices">
              ${queue.options.map(
                ({ id, title }) =>
                  html`<button
                    class="choice"
                    dir="auto"
                    data-testid="queue-option"
                    data-option=${id}
                    @click=${() => this.choose(id)}
                  >
                    ${title}
                  </button>`,
              )}
            </div>`
      }
    </div>`;
  }

  private contactForm(texts: WidgetTexts) {
    return html`<form @submit=${this.onContact}>
      <label>
        <span>${texts.contact}</span>
        <input
          name="contact"
          dir="ltr"
          autocomplete="email"
          maxlength="200"
          data-testid="contact"
        />
      </label>
      <div class="choices">
        <button class="choice main" data-testid="contact-confirm">${texts.confirm}</button>
        <button class="choice" type="button" @click=${() => (this.choosing = "")}>
          ${texts.back}
        </button>
      </div>
    </form>`;
  }

  private rating(texts: WidgetTexts) {
    const { rating } = this.view;
    if (!rating) return nothing;
    if (rating.score !== undefined) {
      return html`<div class="card" role="status"><p>${texts.thanks}</p></div>`;
    }
    const scores = Array.from({ length: rating.max - rating.min + 1 }, (_, i) => rating.min + i);
    return html`<div class="card" data-testid="rating">
      <h3>${texts.rate}</h3>
      <div class="scale" role="group" aria-label=${texts.rate}>
        ${scores.map(
          (score) =>
            html`<button
              data-testid="rating-score"
              @click=${() => this.session?.rate(rating.kind, score)}
            >
              ${score}
            </button>`,
        )}
      </div>
    </div>`;
  }

  private footer(texts: WidgetTexts) {
    const { view } = this;
    const over = codePoints(this.draft) - view.textCharsMax;
    const canAsk = view.state !== "waiting" && view.state !== "human";
    return html`<div class="footer" part="composer">
      ${
        canAsk
          ? html`<button
              class="person"
              data-testid="ask-person"
              @click=${() => this.act(() => this.session?.askForPerson(texts.person))}
            >
              ${icon(kPerson)}<span>${texts.person}</span>
            </button>`
          : nothing
      }
      <div class="composer">
        <textarea
          rows="1"
          dir="auto"
          aria-label=${texts.placeholder}
          placeholder=${texts.placeholder}
          enterkeyhint="send"
          data-testid="composer"
          .value=${this.draft}
          @input=${this.onInput}
          @keydown=${this.onComposerKey}
        ></textarea>
        <button
          class="icon send"
          data-testid="send"
          aria-label=${texts.send}
          ?disabled=${!this.draft.trim() || over > 0}
          @click=${this.submit}
        >
          ${icon(kPlane, "mirror")}
        </button>
      </div>
      ${over > 0 ? html`<p class="count">${texts.too_long} <bdi>−${over}</bdi></p>` : nothing}
    </div>`;
  }

  private readonly close = (): void => {
    this.dispatchEvent(new CustomEvent("wasl-close"));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.close();
  };

  private readonly onInput = (): void => {
    this.draft = this.input.value;
    if (this.draft) this.session?.typing();
  };

  private readonly onComposerKey = (event: KeyboardEvent): void => {
    // While an input method composes, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  };

  private readonly submit = (): void => {
    const text = this.draft.trim();
    if (!text || codePoints(text) > this.view.textCharsMax) return;
    this.draft = "";
    this.act(() => this.session?.say(text));
  };

  /** What the visitor sends is always brought into sight, and the keyboard stays in the composer. */
  private act(action: () => void): void {
    action();
    void this.updateComplete.then(() => {
      this.log.scrollTop = this.log.scrollHeight;
      this.input.focus();
    });
  }

  private choose(option: string): void {
    if (kNeedsContact.includes(option)) this.choosing = option;
    else this.session?.choose(option, "");
  }

  private readonly onContact = (event: SubmitEvent): void => {
    event.preventDefault();
    const contact = new FormData(event.target as HTMLFormElement).get("contact");
    this.session?.choose(this.choosing, typeof contact === "string" ? contact.trim() : "");
    this.choosing = "";
  };
}

if (!customElements.get("wasl-chat-panel")) customElements.define("wasl-chat-panel", Panel);
