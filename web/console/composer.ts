/** Where an agent writes: replies to the customer, or notes, which look clearly different.  Drafts stay per conversation. */
import { LitElement, css, html, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Language } from "../shared/protocol";
import type { Desk } from "./desk";
import { base } from "./styles";
import { kTexts } from "./texts";

export type Mode = "reply" | "note";

const draftKey = (conversation: string, mode: Mode): string => `wasl.draft.${mode}.${conversation}`;

export class Composer extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      form {
        display: grid;
        gap: 8px;
        padding: 10px 16px 14px;
        border-block-start: 1px solid var(--line);
        background: var(--paper);
      }
      form.note {
        background: var(--note);
        border-color: var(--note-line);
        color: var(--note-ink);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 4px;
        font-size: 13.5px;
      }
      .tab {
        padding: 3px 12px;
        border: 0;
        border-radius: 7px;
        background: none;
        color: inherit;
      }
      .tab[aria-pressed="true"] {
        background: #0000000f;
        font-weight: 600;
      }
      .bar p {
        flex: 1;
        text-align: end;
        font-size: 13px;
      }
      .write {
        display: flex;
        align-items: flex-end;
        gap: 10px;
      }
      textarea {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 64px;
        max-block-size: 30vh;
        field-sizing: content;
        resize: vertical;
        padding: 9px 12px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--ground);
        line-height: 1.55;
      }
      .note textarea {
        background: transparent;
        border-color: var(--note-line);
      }
      /* An empty field has no direction of its own. */
      :host(:dir(rtl)) textarea:placeholder-shown {
        direction: rtl;
      }
      textarea::placeholder {
        color: inherit;
        opacity: 0.8;
      }
      .button.main {
        min-block-size: 40px;
      }
      .note .button.main {
        background: var(--note-ink);
        border-color: var(--note-ink);
        color: var(--note);
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) conversation = "";
  @property({ attribute: false }) language: Language = "en";
  /** Empty: allowed.  Otherwise why not. */
  @property({ attribute: false }) replyStop = "";
  @property({ attribute: false }) noteStop = "";
  @state() private mode: Mode = "reply";
  @state() private text = "";
  @query("textarea") private input!: HTMLTextAreaElement;

  /** Ready to write in `mode`, with `text` put back if given. */
  async compose(mode: Mode, text?: string): Promise<void> {
    this.setMode(mode);
    if (text !== undefined) this.keep(text);
    await this.updateComplete;
    this.input.focus();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("conversation")) return;
    this.mode = "reply";
    this.text = sessionStorage.getItem(draftKey(this.conversation, this.mode)) ?? "";
  }

  protected override render() {
    const texts = kTexts[this.language];
    const isNote = this.mode === "note";
    const stop = isNote ? this.noteStop : this.replyStop;
    return html`<form class=${this.mode} @submit=${this.submit} data-testid="composer">
      <div class="bar" role="group">
        <button
          type="button"
          class="tab"
          aria-pressed=${!isNote}
          data-testid="reply-toggle"
          @click=${() => this.compose("reply")}
        >
          ${texts.reply_tab} <kbd class="hint">R</kbd>
        </button>
        <button
          type="button"
          class="tab"
          aria-pressed=${isNote}
          data-testid="note-toggle"
          @click=${() => this.compose("note")}
        >
          ${texts.note_tab} <kbd class="hint">N</kbd>
        </button>
        <p role="status">${stop || (isNote ? texts.note_label : nothing)}</p>
      </div>
      <div class="write">
        <textarea
          dir="auto"
          aria-label=${isNote ? texts.note : texts.reply}
          placeholder=${isNote ? texts.note : texts.reply}
          data-testid="reply-input"
          .value=${this.text}
          @input=${() => this.keep(this.input.value)}
          @keydown=${this.onKey}
        ></textarea>
        <button
          class="button main"
          data-testid="reply-send"
          ?disabled=${stop !== "" || !this.text.trim()}
        >
          ${isNote ? texts.save_note : texts.send}
        </button>
      </div>
    </form>`;
  }

  private setMode(mode: Mode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.text = sessionStorage.getItem(draftKey(this.conversation, mode)) ?? "";
  }

  private keep(text: string): void {
    this.text = text;
    sessionStorage.setItem(draftKey(this.conversation, this.mode), text);
    if (text && this.mode === "reply" && !this.replyStop) this.desk.typing(this.conversation);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.input.blur();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  };

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.send();
  };

  private send(): void {
    const text = this.text.trim();
    const stop = this.mode === "note" ? this.noteStop : this.replyStop;
    if (!text || stop) return;
    const type = this.mode === "note" ? "note" : "say";
    if (!this.desk.order(this.conversation, { type, text })) return;
    this.keep("");
    this.input.focus();
  }
}
customElements.define("wasl-composer", Composer);
