/** The middle pane: who owns it, what was said and done, where to write. */
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation, DeskEvent, Language, Outcome } from "../shared/protocol";
import { isolatedText } from "../shared/draw";
import { clockText } from "../shared/times";
import "./composer";
import type { Composer, Mode } from "./composer";
import type { Desk } from "./desk";
import "./packet";
import { icon, outsideText } from "./parts";
import { base } from "./styles";
import { kTexts, plain, stateText, wordFor } from "./texts";
import type { ConsoleTexts } from "./texts";
import { actorOf, canCommand, customerName, kEmptyView, owns, pendingTexts } from "./view";
import type { Pending, View } from "./view";

const kOver: readonly string[] = ["resolved", "closed"];
const kOutcomes: readonly Outcome[] = ["solved", "unsolved", "spam"];
const kReturnReasons = ["reason_handled", "reason_routine", "reason_mistake"] as const;

export class ThreadPane extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        min-inline-size: 0;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding: 10px 16px;
        border-block-end: 1px solid var(--line);
        background: var(--paper);
      }
      .who {
        flex: 1;
        min-inline-size: 120px;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 10px;
      }
      h2 {
        font-size: 17px;
        font-weight: 650;
      }
      .owner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        padding: 8px 18px;
        border-block-end: 1px solid var(--line);
        background: var(--tint);
        font-size: 14px;
      }
      .owner span {
        flex: 1;
      }
      .log {
        flex: 1;
        min-block-size: 0;
        overflow-y: auto;
        padding: 18px 20px;
        display: flex;
        flex-direction: column;
        gap: 3px;
        scrollbar-width: thin;
      }
      .item {
        max-inline-size: min(74%, 620px);
        align-self: flex-start;
        display: flex;
        flex-direction: column;
        align-items: flex-start;
      }
      .item.head {
        margin-block-start: 12px;
      }
      .item.bot,
      .item.agent,
      .item.system {
        align-self: flex-end;
        align-items: flex-end;
      }
      .by {
        margin: 0 4px 2px;
        font-size: 12.5px;
        color: var(--soft);
      }
      .by bdi {
        font-weight: 600;
      }
      .bubble {
        padding: 8px 13px;
        border-radius: 14px;
        background: var(--raised);
        border: 1px solid var(--line);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        text-align: start;
      }
      .bubble bdi {
        display: inline-block;
        max-inline-size: 100%;
      }
      .bubble[lang="ar"] {
        line-height: 1.75;
      }
      .visitor .bubble {
        border-end-start-radius: 4px;
      }
      .bot .bubble,
      .system .bubble {
        background: var(--bot);
        border-color: transparent;
        border-end-end-radius: 4px;
      }
      .agent .bubble {
        background: var(--tint);
        border-color: transparent;
        border-end-end-radius: 4px;
      }
      .item.note {
        align-self: center;
        align-items: stretch;
        margin-block: 10px;
      }
      .note .bubble {
        background: var(--note);
        border: 1px dashed var(--note-line);
        border-radius: 10px;
        color: var(--note-ink);
      }
      .buttons {
        margin: 3px 4px 0;
        font-size: 12.5px;
        color: var(--soft);
      }
      .line {
        align-self: center;
        max-inline-size: 90%;
        padding-block: 3px;
        font-size: 12.5px;
        color: var(--soft);
        text-align: center;
        overflow-wrap: anywhere;
      }
      .handoff {
        align-self: stretch;
        display: flex;
        align-items: center;
        gap: 12px;
        margin-block: 14px 8px;
        color: var(--warm);
        font-size: 13px;
        font-weight: 600;
      }
      .handoff::before,
      .handoff::after {
        content: "";
        flex: 1;
        border-block-start: 2px solid var(--note-line);
      }
      .flash .bubble,
      .line.flash {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      .refused {
        display: flex;
        gap: 10px;
        margin-block-start: 2px;
        font-size: 13px;
        color: var(--alarm);
      }
      .refused button {
        padding: 0;
        border: 0;
        background: none;
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      .sending .bubble {
        opacity: 0.65;
      }
      .typing {
        min-block-size: 22px;
        padding-inline: 20px;
        font-size: 13px;
        color: var(--soft);
      }
      .none {
        flex: 1;
        display: grid;
        place-content: center;
        gap: 6px;
        padding: 24px;
        text-align: center;
      }
      .to-list {
        display: none;
      }
      @media (max-width: 760px) {
        .to-list {
          display: inline-flex;
        }
        .item {
          max-inline-size: 88%;
        }
        .log {
          padding-inline: 12px;
        }
      }
    `,
  ];

  @property({ attribute: false }) view: View = kEmptyView;
  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) language: Language = "en";
  @property({ attribute: false }) now = 0;
  @query("wasl-composer") private composer!: Composer | null;
  @query(".log") private log!: HTMLElement | null;
  @query("details.resolve") private resolveMenu!: HTMLDetailsElement | null;
  private atEnd = true;

  compose(mode: Mode): void {
    void this.composer?.compose(mode);
  }

  openResolve(): void {
    if (!this.resolveMenu) return;
    this.resolveMenu.open = true;
    this.resolveMenu.querySelector<HTMLButtonElement>("div button")?.focus();
  }

  protected override willUpdate(): void {
    const { log } = this;
    this.atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  }

  protected override updated(changed: Map<string, unknown>): void {
    const before = changed.get("view") as View | undefined;
    const opened = before !== undefined && before.selected !== this.view.selected;
    if (this.log && (this.atEnd || opened)) this.log.scrollTop = this.log.scrollHeight;
  }

  protected override render() {
    const { view, language } = this;
    const texts = kTexts[language];
    const id = view.selected;
    const conversation = id ? view.conversations[id] : undefined;
    if (!id || !conversation) {
      return html`<div class="none">
        <h2>${texts.pick}</h2>
        <p class="soft">${texts.pick_hint}</p>
      </div>`;
    }
    const thread = view.threads[id];
    const packet = thread?.packet;
    const isOwner = owns(conversation, view.agent);
    const ours = isOwner && conversation.state === "human";
    const stale = thread?.blocked ? texts.stale : view.link !== "online" ? texts.connecting : "";
    const over = kOver.includes(conversation.state) ? texts.is_over : "";
    return html`${this.header(conversation, texts)} ${this.ownership(conversation, texts)}
      ${
        packet?.reason || packet?.summary?.length
          ? html`<wasl-packet
              .packet=${packet}
              .language=${language}
              .show=${this.showEvent}
            ></wasl-packet>`
          : nothing
      }
      <div class="log" role="log" tabindex="0" aria-label=${texts.transcript} data-testid="thread">
        ${repeat(
          thread?.events ?? [],
          (event) => event.seq,
          (event, i) => this.event(event, thread?.events[i - 1], texts, packet?.handoff_seq),
        )}
        ${
          this.endsAtHandoff(thread?.events.at(-1), packet?.handoff_seq)
            ? this.handoffMark(texts, packet?.reason)
            : nothing
        }
        ${pendingTexts(view, id).map((each) => this.pending(each, texts))}
      </div>
      <p class="typing" aria-live="polite">${thread?.typing ? texts.typing : nothing}</p>
      <wasl-composer
        .desk=${this.desk}
        .conversation=${id}
        .language=${language}
        .replyStop=${stale || over || (ours ? "" : isOwner ? stateText(conversation.state, texts) : texts.not_yours)}
        .noteStop=${stale}
      ></wasl-composer>`;
  }

  private header(conversation: Conversation, texts: ConsoleTexts) {
    const id = conversation.conversation;
    const free = canCommand(this.view, id);
    const { state } = conversation;
    const ours = owns(conversation, this.view.agent);
    return html`<header>
      <button
        class="button plain to-list"
        aria-label=${texts.back}
        data-testid="back"
        @click=${() => this.desk.select(undefined)}
      >
        ${icon("back", "mirror")}
      </button>
      <div class="who">
        <h2><bdi>${customerName(conversation.customer) ?? texts.visitor}</bdi></h2>
        <span class="chip" data-testid="state" data-state=${state}>${stateText(state, texts)}</span>
      </div>
      ${
        ours && (state === "human" || state === "snoozed")
          ? html`${this.menu(
              "return",
              texts.return_to_bot,
              free,
              kReturnReasons.map((reason) => [
                `return-${reason.slice("reason_".length)}`,
                texts[reason],
                () =>
                  this.desk.order(id, {
                    type: "return_to_bot",
                    reason: reason.slice("reason_".length),
                  }),
              ]),
            )}
            ${this.menu(
              "resolve",
              texts.resolve,
              free,
              kOutcomes.map((outcome) => [
                `resolve-${outcome}`,
                texts[outcome],
                () => this.desk.order(id, { type: "resolve", outcome }),
              ]),
            )}`
          : nothing
      }
      ${
        ours && state === "wrap_up"
          ? html`<button
              class="button main"
              data-testid="done"
              ?disabled=${!free}
              @click=${() => this.desk.order(id, { type: "done" })}
            >
              ${texts.done}
            </button>`
          : nothing
      }
    </header>`;
  }

  private menu(
    name: "resolve" | "return",
    title: string,
    free: boolean,
    items: readonly (readonly [testid: string, title: string, action: () => void])[],
  ): TemplateResult {
    if (!free) {
      return html`<button class="button" disabled data-testid=${name}>${title}</button>`;
    }
    return html`<details
      class="menu ${name}"
      @focusout=${this.closeMenu}
      @keydown=${this.onMenuKey}
    >
      <summary data-testid=${name}>
        ${title} ${name === "resolve" ? html`<kbd class="hint">E</kbd>` : icon("down")}
      </summary>
      <div>
        ${items.map(
          ([testid, item, action]) =>
            html`<button data-testid=${testid} @click=${action}>${item}</button>`,
        )}
      </div>
    </details>`;
  }

  private ownership(conversation: Conversation, texts: ConsoleTexts) {
    const { state, owner } = conversation;
    if (kOver.includes(state) || owns(conversation, this.view.agent)) return nothing;
    const who =
      owner?.kind === "agent"
        ? html`${texts.other_owner} <bdi>${owner.name ?? texts.agent}</bdi>`
        : owner?.kind === "queue" || state === "queued" || state === "offered"
          ? texts.queue_owner
          : texts.bot_owner;
    return html`<div class="owner" data-testid="ownership">
      <span>${who}</span>
      <button
        class="button main"
        data-testid="take"
        ?disabled=${!canCommand(this.view, conversation.conversation)}
        @click=${() => this.desk.order(conversation.conversation, { type: "take" })}
      >
        ${texts.take} <kbd class="hint">T</kbd>
      </button>
    </div>`;
  }

  private event(
    event: DeskEvent,
    before: DeskEvent | undefined,
    texts: ConsoleTexts,
    handoffSeq: number | undefined,
  ) {
    const crosses =
      handoffSeq !== undefined && event.seq > handoffSeq && (before?.seq ?? 0) <= handoffSeq;
    const mark =
      crosses && before
        ? this.handoffMark(texts, this.view.threads[event.conversation]?.packet?.reason)
        : nothing;
    if (event.kind === "message" || event.kind === "note") {
      return html`${mark}${this.bubble(event, crosses ? undefined : before, texts)}`;
    }
    const words = this.systemLine(event, texts);
    return words
      ? html`${mark}
          <p class="line" data-testid="event" data-kind=${event.kind} data-seq=${event.seq}>
            ${words}
          </p>`
      : mark;
  }

  private bubble(event: DeskEvent, before: DeskEvent | undefined, texts: ConsoleTexts) {
    const actor = actorOf(event);
    const { kind } = actor;
    const isNote = event.kind === "note";
    const sameAsBefore =
      before?.kind === event.kind &&
      actorOf(before).kind === kind &&
      actorOf(before).name === actor.name;
    const mine = kind === "agent" && actor.id !== undefined && actor.id === this.view.agent?.id;
    const known = texts[kind as "visitor" | "bot" | "agent" | "system"] as string | undefined;
    const conversation = this.view.conversations[event.conversation];
    const customer = kind === "visitor" ? customerName(conversation?.customer) : undefined;
    const name = mine ? texts.you : (actor.name ?? customer ?? known ?? kind);
    const language = event.body?.language;
    const buttons = event.body?.buttons;
    const text = typeof event.body?.text === "string" ? event.body.text : plain(event.body);
    return html`<div
      class="item ${isNote ? "note" : kind} ${sameAsBefore ? "" : "head"}"
      data-testid="thread-message"
      data-from=${kind}
      data-kind=${event.kind}
      data-seq=${event.seq}
    >
      ${
        sameAsBefore && !isNote
          ? nothing
          : html`<p class="by">
              ${isNote ? html`${texts.note_label} · ` : nothing}<bdi>${name}</bdi>
              <time>${clockText(event.at, this.language, this.now)}</time>
            </p>`
      }
      <span class="bubble" dir="auto" lang=${typeof language === "string" ? language : nothing}
        >${isolatedText(outsideText(text))}</span
      >
      ${
        Array.isArray(buttons) && buttons.length
          ? html`<p class="buttons">
              ${buttons.map(
                (each: { title?: string }, i) =>
                  html`${i ? " · " : ""}<bdi>[${plain(each?.title ?? each)}]</bdi>`,
              )}
            </p>`
          : nothing
      }
    </div>`;
  }

  private systemLine(event: DeskEvent, texts: ConsoleTexts) {
    const body = event.body ?? {};
    const { language } = this;
    const value = (key: string) => html`<bdi>${outsideText(plain(body[key]))}</bdi>`;
    const state = (key: string) => stateText(plain(body[key]), texts);
    const time = html`<time>${clockText(event.at, language, this.now)}</time>`;
    switch (event.kind) {
      case "state":
        return html`${body.from ? html`${state("from")} ${arrow(language)} ` : nothing}${state("to")}
        · ${time}`;
      case "owner": {
        const known = texts[body.kind as "bot" | "queue" | "agent" | "system"] as
          string | undefined;
        return html`${texts.event_owner}:
          <bdi
            >${typeof body.name === "string" && body.name ? body.name : (known ?? plain(body.kind))}</bdi
          >
          · ${time}`;
      }
      case "slot":
        return html`${texts.event_slot}: ${value("name")} = ${value("value")}`;
      case "call":
        return html`${texts.event_call}: ${value("name")} ${arrow(language)} ${value("outcome")}
        ${body.why ? value("why") : ""}`;
      case "escalation":
        return html`${texts.event_escalation}: ${wordFor(plain(body.reason), language)} · ${time}`;
      case "unanswered":
        return body.article
          ? html`${texts.event_not_helped}: <bdi>${value("article")}</bdi>`
          : html`${texts.event_unanswered}`;
      case "rating":
        return html`${texts.event_rating}: ${value("kind")} ${value("score")}`;
      default: {
        const words = plain(body);
        return words
          ? html`${event.kind.replaceAll("_", " ")}: <bdi>${outsideText(words)}</bdi>`
          : nothing;
      }
    }
  }

  private pending({ command, state, at }: Pending, texts: ConsoleTexts) {
    if (command.type !== "say" && command.type !== "note") return nothing;
    const { text, client_id } = command;
    return html`<div
      class="item head ${command.type === "note" ? "note" : "agent"} ${state}"
      data-testid="thread-pending"
      data-state=${state}
    >
      <p class="by">
        <bdi>${texts.you}</bdi> <time>${clockText(at, this.language, this.now)}</time>
        ${state === "failed" ? nothing : html`· ${texts[state]}`}
      </p>
      <span class="bubble" dir="auto">${isolatedText(text)}</span>
      ${
        state === "failed"
          ? html`<p class="refused">
              ${texts.failed}
              <button
                @click=${() => {
                  this.desk.discard(client_id);
                  void this.composer?.compose(command.type === "note" ? "note" : "reply", text);
                }}
              >
                ${texts.back_to_text}
              </button>
              <button @click=${() => this.desk.discard(client_id)}>${texts.discard}</button>
            </p>`
          : nothing
      }
    </div>`;
  }

  private handoffMark(texts: ConsoleTexts, reason: string | undefined) {
    return html`<p class="handoff" data-testid="handoff-mark">
      <span>${texts.handoff_here}${reason ? ` · ${wordFor(reason, this.language)}` : ""}</span>
    </p>`;
  }

  private endsAtHandoff(last: DeskEvent | undefined, handoffSeq: number | undefined): boolean {
    return last !== undefined && handoffSeq !== undefined && last.seq <= handoffSeq;
  }

  private readonly showEvent = (seq: number): void => {
    const element = this.renderRoot.querySelector(`[data-seq="${seq}"]`);
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.classList.add("flash");
    setTimeout(() => element.classList.remove("flash"), 1600);
  };

  private readonly closeMenu = (event: FocusEvent): void => {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  };

  private readonly onMenuKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const menu = event.currentTarget as HTMLDetailsElement;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };
}
customElements.define("wasl-thread", ThreadPane);

const arrow = (language: Language): string => (language === "ar" ? "←" : "→");
