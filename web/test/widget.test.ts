import { describe, expect, it, test } from "vitest";
import type { ChatServerFrame } from "../shared/protocol";
import { apply, emptyView, quickReplies, unacknowledged, unread } from "../widget/view";
import type { LocalFrame, View } from "../widget/view";

type Frame = ChatServerFrame | LocalFrame;
const at = "2026-11-22T10:00:00.000Z";

const welcome: Frame = {
  type: "welcome",
  visitor_token: "t",
  conversation: "c1",
  last_seq: 0,
  state: "bot",
  owner: { kind: "bot" },
  greeting: { text: "مرحبا", language: "ar", buttons: [{ id: "track", title: "طلبي" }] },
};
const bot = (seq: number, text: string, buttons = [{ id: `b${seq}`, title: "?" }]): Frame => ({
  type: "message",
  seq,
  from: "bot",
  text,
  language: "en",
  buttons,
  at,
});
const visitor = (seq: number, client_id: string): Frame => ({
  type: "message",
  seq,
  from: "visitor",
  text: "hi",
  client_id,
  at,
});
const send = (client_id: string, text = "hi"): Frame => ({
  type: "local_send",
  outgoing: { command: { type: "message", client_id, text }, title: text, at },
});
const ack = (client_id: string, seq: number): Frame => ({ type: "ack", client_id, seq });
const online: Frame = { type: "local_link", link: "online" };
const offline: Frame = { type: "local_link", link: "offline" };

const after = (...frames: Frame[]): View => frames.reduce(apply, emptyView("en"));
const shown = (view: View): string[] =>
  view.lines.map((line) =>
    [line.seq ?? "-", line.kind === "owner" ? line.name : line.text, line.delivery]
      .filter((part) => part !== undefined)
      .join(" "),
  );

describe("the lines of a conversation", () => {
  const rows: [name: string, frames: Frame[], lines: string[]][] = [
    ["a message on its way", [welcome, send("a")], ["- hi sending"]],
    ["an ack turns sending into sent", [welcome, send("a"), ack("a", 2)], ["2 hi sent"]],
    [
      "the same ack again changes nothing",
      [welcome, send("a"), ack("a", 2), ack("a", 2)],
      ["2 hi sent"],
    ],
    [
      "an answer stands after what it answers",
      [welcome, send("a"), ack("a", 2), bot(3, "yes")],
      ["2 hi sent", "3 yes"],
    ],
    [
      "what is not acknowledged yet stands last",
      [welcome, send("a"), bot(3, "yes")],
      ["3 yes", "- hi sending"],
    ],
    [
      "a resume brings nothing twice",
      [welcome, send("a"), ack("a", 2), bot(3, "yes"), welcome, visitor(2, "a"), bot(3, "yes")],
      ["2 hi sent", "3 yes"],
    ],
    [
      "an ack lost with the connection arrives as the message itself",
      [welcome, send("a"), offline, welcome, visitor(2, "a"), ack("a", 2)],
      ["2 hi sent"],
    ],
    [
      "frames out of order are put in order",
      [welcome, bot(5, "five"), bot(3, "three"), bot(4, "four")],
      ["3 three", "4 four", "5 five"],
    ],
    [
      "receipts raise, and never take back",
      [
        welcome,
        send("a"),
        ack("a", 2),
        { type: "receipt", seq: 2, state: "read" },
        { type: "receipt", seq: 2, state: "delivered" },
        ack("a", 2),
      ],
      ["2 hi read"],
    ],
    [
      "a refusal fails the message",
      [welcome, send("a"), { type: "error", code: "too_long", client_id: "a" }],
      ["- hi failed"],
    ],
    [
      "a refusal for a while does not",
      [
        welcome,
        send("a"),
        { type: "error", code: "too_fast", client_id: "a", retry_after_ms: 500 },
      ],
      ["- hi sending"],
    ],
    [
      "a retry keeps its line and its client id",
      [
        welcome,
        send("a"),
        { type: "local_timeout", clientId: "a" },
        { type: "local_retry", clientId: "a" },
        ack("a", 2),
      ],
      ["2 hi sent"],
    ],
    [
      "nothing fails for want of a connection",
      [welcome, send("a"), offline, { type: "local_timeout", clientId: "a" }],
      ["- hi sending"],
    ],
    [
      "an agent's arrival is a line",
      [welcome, { type: "owner", kind: "agent", name: "Sara", seq: 4 }],
      ["4 Sara"],
    ],
    [
      "a second welcome names a new conversation; what is unsent goes with us",
      [welcome, bot(3, "old"), send("a"), { ...welcome, conversation: "c2" } as Frame],
      ["- hi sending"],
    ],
  ];
  test.each(rows)("%s", (_, frames, lines) => {
    expect(shown(after(...frames))).toEqual(lines);
  });
});

describe("the outbox", () => {
  it("holds what is not acknowledged, in order, without what failed", () => {
    const view = after(
      welcome,
      send("a"),
      send("b"),
      send("c"),
      ack("a", 2),
      { type: "error", code: "too_long", client_id: "b" },
      offline,
      send("d"),
    );
    expect(unacknowledged(view).map((command) => command.client_id)).toEqual(["c", "d"]);
  });

  it("survives a reload", () => {
    const { outbox } = after(welcome, send("a"));
    const view = after({ type: "local_restore", visitorToken: "t", conversation: "c1", outbox });
    expect(shown(view)).toEqual(["- hi sending"]);
    expect(unacknowledged(view)).toHaveLength(1);
  });
});

it("a resume asks for all after the last event seen, acks do not count", () => {
  expect(after(welcome, bot(3, "x"), send("a"), ack("a", 5)).lastSeq).toBe(3);
});

it("the old conversation stays readable above the new one", () => {
  const view = after(welcome, bot(3, "old"), { ...welcome, conversation: "c2" } as Frame);
  expect(view.past.map((line) => line.text)).toEqual(["old"]);
  expect(view.lastSeq).toBe(0);
});

it("a greeting that comes back as a message is shown once", () => {
  const view = after(welcome, send("a"), ack("a", 2), bot(1, "مرحبا"));
  expect(view.greeting).toBeUndefined();
  expect(shown(view)).toEqual(["1 مرحبا", "2 hi sent"]);
});

describe("quick replies", () => {
  const rows: [name: string, frames: Frame[], ids: string[]][] = [
    ["of the greeting", [welcome], ["track"]],
    ["of the newest message only", [welcome, bot(2, "x"), bot(3, "y")], ["b3"]],
    ["gone when the visitor has spoken", [welcome, bot(2, "x"), send("a")], []],
    ["of the bot's next answer", [welcome, send("a"), ack("a", 2), bot(3, "y")], ["b3"]],
  ];
  test.each(rows)("%s", (_, frames, ids) => {
    expect(quickReplies(after(...frames)).map((button) => button.id)).toEqual(ids);
  });
});

describe("the queue card", () => {
  const queue: Frame = {
    type: "queue",
    position: 2,
    wait_minutes: { min: 3, max: 5 },
    options: [{ id: "callback", title: "Call me" }],
  };
  const state = (name: "waiting" | "human" | "bot"): Frame => ({ type: "state", state: name });

  it("shows place, wait and choices", () => {
    expect(after(welcome, state("waiting"), queue).queue).toEqual({
      position: 2,
      wait: { min: 3, max: 5 },
      options: [{ id: "callback", title: "Call me" }],
    });
  });
  it("shows no number when the server gives none", () => {
    const view = after(welcome, queue, { type: "queue", position: 1 });
    expect(view.queue).toEqual({ position: 1, options: [] });
  });
  it("goes when the waiting is over", () => {
    expect(after(welcome, state("waiting"), queue, state("human")).queue).toBeUndefined();
    expect(after(welcome, state("waiting"), queue, state("bot")).queue).toBeUndefined();
  });
});

describe("a rating", () => {
  const request: Frame = {
    type: "rating_request",
    kind: "csat",
    scale: { min: 1, max: 5 },
    seq: 9,
  };
  const rate: Frame = {
    type: "local_send",
    outgoing: {
      command: { type: "rate", client_id: "r", kind: "csat", score: 5 },
      title: "5",
      at,
    },
  };
  it("is asked once, also on a resume", () => {
    expect(after(welcome, request).rating?.max).toBe(5);
    const rated = after(welcome, request, rate, ack("r", 10));
    expect(rated.rating?.score).toBe(5);
    expect(apply(rated, request).rating?.score).toBe(5);
    expect(after({ type: "local_restore", ratedSeq: 9 }, request).rating).toBeUndefined();
  });
});

it("unread counts what came while the chat was closed", () => {
  const closed = after(welcome, bot(2, "x"), { type: "local_open", open: true });
  expect(unread(closed)).toBe(0);
  const later = [{ type: "local_open", open: false }, bot(3, "y"), visitor(4, "z")] as Frame[];
  expect(unread(later.reduce(apply, closed))).toBe(1);
});

it("the language of the texts follows the bot and the visitor, not the agent", () => {
  expect(after(welcome).language).toBe("ar");
  expect(after(welcome, bot(2, "x")).language).toBe("en");
  const agent: Frame = { type: "message", seq: 3, from: "agent", text: "x", language: "ar", at };
  expect(after(welcome, bot(2, "x"), agent).language).toBe("en");
});

it("the banner shows only while disconnected", () => {
  const stale: Frame = { type: "local_stale" };
  expect(after(welcome, offline, stale).stale).toBe(true);
  expect(after(welcome, offline, stale, online).stale).toBe(false);
  expect(after(welcome, stale).stale).toBe(false);
});

it("an unknown token makes a new visitor who keeps what is unsent", () => {
  const view = after(welcome, bot(2, "x"), send("a"), { type: "local_forget" });
  expect(view.visitorToken).toBeUndefined();
  expect(shown(view)).toEqual(["- hi sending"]);
});
