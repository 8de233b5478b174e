/**
 * The edge of the widget: socket, storage, timers.  Every change of what is shown goes through `apply`;
 * this file decides only when to feed it and what to send.
 */
import { Connection, socketUrl } from "../shared/connection";
import { newClientId } from "../shared/ids";
import { decodeChat } from "../shared/protocol";
import type { ChatCommand, ChatServerFrame, Language } from "../shared/protocol";
import type { LinkStatus } from "../shared/connection";
import { Storage } from "./storage";
import { apply, emptyView, unacknowledged } from "./view";
import type { LocalFrame, View } from "./view";

const kStaleMs = 2_000;
const kAckMs = 15_000;
const kTypingShownMs = 6_000;
const kTypingSentMs = 3_000;

/** The button id of "Talk to a person", always offered and known to every bot. */
const kAskForPerson = "handoff:asked";

type Body<T> = T extends ChatCommand ? Omit<T, "client_id"> : never;

export class Session {
  view: View;
  private readonly storage: Storage;
  private readonly connection: Connection;
  private staleTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly ackTimers = new Map<string, ReturnType<typeof setTimeout>>();
  private typingSentAt = 0;
  private readSent = 0;
  private badToken = false;

  constructor(
    server: string,
    language: Language,
    private readonly locale: string,
    private readonly changed: (view: View) => void,
  ) {
    this.storage = new Storage(server);
    this.view = apply(emptyView(language), { type: "local_restore", ...this.storage.load() });
    this.connection = new Connection(socketUrl(server, "/chat"), {
      hello: () => this.hello(),
      frame: (text) => {
        const frame = decodeChat(text);
        if (frame) this.receive(frame);
      },
      status: (status) => this.linked(status),
    });
  }

  start(): void {
    this.staleTimer = setTimeout(() => this.feed({ type: "local_stale" }), kStaleMs);
    this.connection.start();
  }

  stop(): void {
    this.connection.stop();
    clearTimeout(this.staleTimer);
    clearTimeout(this.typingTimer);
    for (const timer of this.ackTimers.values()) clearTimeout(timer);
  }

  say(text: string): void {
    this.command({ type: "message", text }, text);
  }

  tap(button: string, title: string): void {
    this.command({ type: "message", button }, title);
  }

  askForPerson(title: string): void {
    this.tap(kAskForPerson, title);
  }

  choose(option: string, contact: string): void {
    this.command({ type: "choose", option, ...(contact ? { contact } : {}) }, option);
  }

  rate(kind: string, score: number): void {
    this.command({ type: "rate", kind, score }, String(score));
  }

  retry(clientId: string): void {
    this.feed({ type: "local_retry", clientId });
    const outgoing = this.view.outbox.find((each) => each.command.client_id === clientId);
    if (!outgoing) return;
    this.storage.keep(outgoing);
    this.transmit(outgoing.command);
  }

  open(open: boolean): void {
    this.feed({ type: "local_open", open });
  }

  speak(language: Language): void {
    this.feed({ type: "local_language", language });
  }

  dismiss(): void {
    this.feed({ type: "local_dismiss" });
  }

  typing(): void {
    const now = Date.now();
    if (now - this.typingSentAt < kTypingSentMs || this.view.link !== "online") return;
    this.typingSentAt = now;
    this.connection.send({ type: "typing" });
  }

  private hello(): object {
    const { visitorToken, conversation, lastSeq } = this.view;
    return {
      type: "hello",
      ...(visitorToken ? { visitor_token: visitorToken } : {}),
      ...(conversation ? { conversation } : {}),
      last_seq: lastSeq,
      page: location.origin + location.pathname,
      locale: this.locale,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  }

  private receive(frame: ChatServerFrame): void {
    this.feed(frame);
    switch (frame.type) {
      case "welcome":
        this.connection.settled();
        clearTimeout(this.staleTimer);
        for (const command of unacknowledged(this.view)) this.transmit(command);
        break;
      case "ack":
        this.forgetTimer(frame.client_id);
        break;
      case "typing":
        clearTimeout(this.typingTimer);
        this.typingTimer = setTimeout(
          () => this.feed({ type: "local_typing_over" }),
          kTypingShownMs,
        );
        break;
      case "error":
        if (frame.code === "bad_token") this.badToken = true;
        if (frame.client_id) this.refused(frame.client_id, frame.retry_after_ms);
        break;
      default:
        break;
    }
  }

  private linked(status: LinkStatus): void {
    if (status === "open") return; // online only when welcomed
    if (status === "connecting") {
      if (this.view.link !== "offline") this.feed({ type: "local_link", link: "connecting" });
      return;
    }
    for (const clientId of [...this.ackTimers.keys()]) this.forgetTimer(clientId);
    this.readSent = 0;
    if (status === "refused" && this.badToken) {
      this.badToken = false;
      this.feed({ type: "local_forget" });
      this.connection.start();
      return;
    }
    const wasOnline = this.view.link === "online";
    this.feed({ type: "local_link", link: status === "refused" ? "refused" : "offline" });
    if (!wasOnline) return;
    clearTimeout(this.staleTimer);
    this.staleTimer = setTimeout(() => this.feed({ type: "local_stale" }), kStaleMs);
  }

  private command(body: Body<ChatCommand>, title: string): void {
    const command = { ...body, client_id: newClientId() } as ChatCommand;
    const outgoing = { command, title, at: new Date().toISOString() };
    this.storage.keep(outgoing);
    this.feed({ type: "local_send", outgoing });
    this.transmit(command);
  }

  private transmit(command: ChatCommand): void {
    // Before the welcome nothing may be sent but hello; the welcome sends what waits.
    if (this.view.link !== "online" || !this.connection.send(command)) return;
    this.await(command.client_id, kAckMs, () =>
      this.feed({ type: "local_timeout", clientId: command.client_id }),
    );
  }

  private refused(clientId: string, retryAfterMs: number | undefined): void {
    this.forgetTimer(clientId);
    const outgoing = this.view.outbox.find((each) => each.command.client_id === clientId);
    if (retryAfterMs === undefined) this.storage.drop(clientId); // a reload would only fail again
    if (retryAfterMs === undefined || !outgoing) return;
    this.await(clientId, retryAfterMs, () => this.transmit(outgoing.command));
  }

  private await(clientId: string, ms: number, action: () => void): void {
    this.forgetTimer(clientId);
    this.ackTimers.set(clientId, setTimeout(action, ms));
  }

  private forgetTimer(clientId: string): void {
    clearTimeout(this.ackTimers.get(clientId));
    this.ackTimers.delete(clientId);
  }

  private feed(frame: ChatServerFrame | LocalFrame): void {
    const before = this.view;
    const view = apply(before, frame);
    this.view = view;
    if (
      view.visitorToken !== before.visitorToken ||
      view.conversation !== before.conversation ||
      view.readSeq !== before.readSeq ||
      view.ratedSeq !== before.ratedSeq
    ) {
      const { visitorToken, conversation, readSeq, ratedSeq } = view;
      this.storage.saveVisit({
        ...(visitorToken ? { visitorToken } : {}),
        ...(conversation ? { conversation } : {}),
        readSeq,
        ratedSeq,
      });
    }
    if (view.outbox !== before.outbox) {
      const kept = new Set(view.outbox.map((each) => each.command.client_id));
      for (const { command } of before.outbox) {
        if (!kept.has(command.client_id)) this.storage.drop(command.client_id);
      }
    }
    if (view.open && view.link === "online" && view.readSeq > this.readSent) {
      this.readSent = view.readSeq;
      this.connection.send({ type: "read", seq: view.readSeq });
    }
    if (view !== before) this.changed(view);
  }
}
