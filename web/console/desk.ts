/**
 * The edge of the console: socket, timers, sound, title.  Every change of what is shown goes through `apply`;
 * this file decides only when to feed it and what to send.
 */
import { Connection, socketUrl } from "../shared/connection";
import type { LinkStatus } from "../shared/connection";
import { newClientId } from "../shared/ids";
import { decodeDesk } from "../shared/protocol";
import type { DeskCommand, DeskServerFrame, Outcome, Presence } from "../shared/protocol";
import { rememberedToken } from "./api";
import { apply, canCommand, kEmptyView, unacknowledged } from "./view";
import type { ListName, LocalFrame, Notice, View } from "./view";

const kTypingShownMs = 6_000;
const kTypingSentMs = 3_000;

/** A command without what the desk adds to it. */
export type Order =
  | { type: "accept" | "take" | "done" }
  | { type: "decline" | "return_to_bot"; reason: string }
  | { type: "say" | "note"; text: string }
  | { type: "resolve"; outcome: Outcome; note?: string };

export class Desk {
  view: View = kEmptyView;
  private readonly connection: Connection;
  private readonly typingTimers = new Map<string, ReturnType<typeof setTimeout>>();
  private typingSentAt = 0;
  private withToken = false;
  private greeted = false;
  /** What the agent chose, so that a lost connection does not silently sign them off. */
  private wish: Presence | undefined;

  constructor(
    private readonly changed: (view: View, before: View) => void,
    base = location.origin,
  ) {
    this.connection = new Connection(socketUrl(base, "/desk"), {
      hello: () => {
        const token = rememberedToken();
        return { type: "hello", ...(this.withToken && token ? { token } : {}) };
      },
      frame: (text) => {
        const frame = decodeDesk(text);
        if (frame) this.receive(frame);
      },
      status: (status) => this.linked(status),
    });
  }

  /** Starts with the cookie; the token is shown only when the cookie was not enough. */
  start(): void {
    this.withToken = false;
    this.feed({ type: "local_link", link: "connecting" });
    this.connection.start();
  }

  stop(): void {
    this.connection.stop();
    this.wish = undefined;
    this.feed({ type: "local_sign_out" });
  }

  show(list: ListName): void {
    this.feed({ type: "local_list", list });
  }

  select(conversation: string | undefined): void {
    if (conversation === this.view.selected) return;
    this.feed({ type: "local_select", conversation });
  }

  setPresence(state: Presence): void {
    this.wish = state;
    this.feed({ type: "local_presence", state });
    this.connection.send({ type: "presence", client_id: newClientId(), state });
  }

  /** False when it may not be sent now: the epoch is not known, or a change is on its way. */
  order(conversation: string, order: Order, epoch?: number): boolean {
    const known = this.view.conversations[conversation];
    const current = epoch ?? known?.epoch;
    if (current === undefined || !canCommand(this.view, conversation)) return false;
    const command = {
      ...order,
      client_id: newClientId(),
      conversation,
      epoch: current,
    } as DeskCommand;
    this.feed({ type: "local_command", command, at: new Date().toISOString() });
    this.connection.send(command);
    return true;
  }

  discard(clientId: string): void {
    this.feed({ type: "local_discard", clientId });
  }

  typing(conversation: string): void {
    const now = Date.now();
    const epoch = this.view.conversations[conversation]?.epoch;
    if (now - this.typingSentAt < kTypingSentMs || epoch === undefined) return;
    this.typingSentAt = now;
    this.connection.send({ type: "typing", client_id: newClientId(), conversation, epoch });
  }

  notify(notice: Notice | undefined): void {
    this.feed({ type: "local_notice", notice });
  }

  /** Ends offers whose deadline has passed; called by the clock that draws the countdown. */
  tick(now: number): void {
    if (this.view.offers.length) this.feed({ type: "local_offers_due", now });
  }

  private receive(frame: DeskServerFrame): void {
    this.feed(frame);
    if (frame.type === "snapshot") {
      this.greeted = true;
      this.connection.settled();
      if (this.wish && this.wish !== this.view.presence && this.view.presence === "offline") {
        this.setPresence(this.wish);
      }
      this.open(this.view.selected);
      for (const command of unacknowledged(this.view)) this.connection.send(command);
    }
    if (frame.type === "presence") this.wish = this.view.presence;
    if (frame.type === "typing") {
      const { conversation } = frame;
      clearTimeout(this.typingTimers.get(conversation));
      const over = () => this.feed({ type: "local_typing_over", conversation });
      this.typingTimers.set(conversation, setTimeout(over, kTypingShownMs));
    }
  }

  private linked(status: LinkStatus): void {
    if (status === "open") return; // online only with the snapshot
    if (status === "refused") {
      if (!this.withToken && !this.greeted && rememberedToken()) {
        this.withToken = true;
        this.connection.start();
        return;
      }
      this.greeted = false;
      this.feed({ type: "local_sign_out" });
      return;
    }
    if (status === "closed" || this.view.link !== "offline") {
      this.feed({ type: "local_link", link: status === "closed" ? "offline" : "connecting" });
    }
  }

  private open(conversation: string | undefined): void {
    if (conversation === undefined) return;
    this.connection.send({
      type: "open",
      client_id: newClientId(),
      conversation,
      last_seq: this.view.threads[conversation]?.lastSeq ?? 0,
    });
  }

  private feed(frame: DeskServerFrame | LocalFrame): void {
    const before = this.view;
    this.view = apply(before, frame);
    if (this.view === before) return;
    if (this.view.selected !== before.selected) this.open(this.view.selected);
    this.changed(this.view, before);
  }
}
