import { describe, expect, it, test } from "vitest";
import type { Conversation, ConversationState, DeskServerFrame } from "../shared/protocol";
import { secondsLeft } from "../shared/times";
import {
  apply,
  canCommand,
  countOf,
  kEmptyView,
  pendingTexts,
  rowsOf,
  unacknowledged,
} from "../console/view";
import type { ListName, LocalFrame, View } from "../console/view";

type Frame = DeskServerFrame | LocalFrame;
const at = "2026-11-22T10:00:00.000Z";
const me = { id: "sara", name: "Sara" };

const conversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  conversation: id,
  state: "queued",
  epoch: 3,
  owner: { kind: "queue" },
  ...more,
});
const mine = (id: string, more: Partial<Conversation> = {}): Conversation =>
  conversation(id, { state: "human", owner: { kind: "agent", id: "sara" }, ...more });
const snapshot = (...conversations: Conversation[]): Frame => ({
  type: "snapshot",
  agent: me,
  presence: "online",
  conversations,
});
const upsert = (each: Conversation): Frame => ({ type: "conversation", ...each });
const event = (seq: number, text: string, from = "visitor"): Frame => ({
  type: "event",
  conversation: "c1",
  seq,
  kind: "message",
  from,
  body: { text },
  at,
});
const select = (id: string): Frame => ({ type: "local_select", conversation: id });
const say = (client_id: string, text = "hello"): Frame => ({
  type: "local_command",
  command: { type: "say", client_id, conversation: "c1", epoch: 3, text },
  at,
});
const offer = (epoch = 3): Frame => ({
  type: "offer",
  conversation: "c1",
  epoch,
  reason: "lost",
  evidence: [{ signal: "bot_repeat", weight: 0.6, seq: 4, text: "…" }],
  deadline_at: "2026-11-22T10:00:30.000Z",
});
const answer = (type: "accept" | "take", client_id: string): Frame => ({
  type: "local_command",
  command: { type, client_id, conversation: "c1", epoch: 3 },
  at,
});
const stale = (client_id: string): Frame => ({ type: "error", code: "stale_epoch", client_id });

const after = (...frames: Frame[]): View => frames.reduce(apply, kEmptyView);
const seqs = (view: View) => view.threads.c1?.events.map((each) => each.seq);

describe("the lists", () => {
  const rows: [state: ConversationState, owner: string, list: ListName][] = [
    ["bot", "", "bot_live"],
    ["offering", "", "bot_live"],
    ["promised", "", "bot_live"],
    ["queued", "", "queue"],
    ["offered", "", "queue"],
    ["human", "sara", "mine"],
    ["human", "omar", "team"],
    ["snoozed", "sara", "mine"],
    ["wrap_up", "sara", "mine"],
    ["resolved", "", "resolved"],
    ["closed", "", "resolved"],
  ];
  test.each(rows)("%s owned by '%s' stands under %s", (state, id, list) => {
    const owner = id ? { kind: "agent", id } : { kind: "bot" };
    expect(countOf(after(snapshot(conversation("c1", { state, owner }))), list)).toBe(1);
  });

  it("are ordered by who waits longest on us", () => {
    const view = after(
      snapshot(
        conversation("late", { waiting_since: "2026-11-22T10:05:00Z" }),
        conversation("none"),
        conversation("early", { waiting_since: "2026-11-22T10:01:00Z" }),
      ),
    );
    expect(rowsOf(view, "queue").map((each) => each.conversation)).toEqual([
      "early",
      "late",
      "none",
    ]);
  });

  it("ignore late news", () => {
    const view = after(snapshot(mine("c1", { epoch: 5 })), upsert(conversation("c1")));
    expect(view.conversations.c1?.state).toBe("human");
  });
});

describe("a thread", () => {
  it("shows each event once, in order, across a reconnect", () => {
    const view = after(
      snapshot(mine("c1")),
      select("c1"),
      event(1, "a"),
      event(3, "c"),
      event(2, "b"),
      { type: "local_link", link: "offline" },
      snapshot(mine("c1")),
      event(3, "c"),
      event(4, "d"),
    );
    expect(seqs(view)).toEqual([1, 2, 3, 4]);
    expect(view.threads.c1?.lastSeq).toBe(4);
    expect(view.conversations.c1?.last_line).toBe("d");
  });

  it("turns a text on its way into the event it became", () => {
    const sent = after(snapshot(mine("c1")), select("c1"), say("x"));
    expect(pendingTexts(sent, "c1")[0]?.state).toBe("sending");
    const acked = apply(sent, { type: "ack", client_id: "x", seq: 7 });
    expect(pendingTexts(acked, "c1")[0]?.state).toBe("sent");
    expect(unacknowledged(acked)).toEqual([]);
    const shown = apply(acked, event(7, "hello", "agent"));
    expect(pendingTexts(shown, "c1")).toEqual([]);
    expect(seqs(shown)).toEqual([7]);
  });

  it("does so too when the event is faster than the ack", () => {
    const view = after(snapshot(mine("c1")), select("c1"), say("x"), event(7, "hello", "agent"), {
      type: "ack",
      client_id: "x",
      seq: 7,
    });
    expect(pendingTexts(view, "c1")).toEqual([]);
  });

  it("sends again after a reconnect what was not acknowledged", () => {
    const view = after(snapshot(mine("c1")), say("x"), { type: "local_link", link: "offline" });
    expect(unacknowledged(apply(view, snapshot(mine("c1")))).map((each) => each.client_id)).toEqual(
      ["x"],
    );
  });
});

describe("a stale epoch", () => {
  const refused = after(snapshot(mine("c1")), select("c1"), say("x"), stale("x"));

  it("fails the text, says so, and stops commands", () => {
    expect(pendingTexts(refused, "c1")[0]?.state).toBe("failed");
    expect(refused.notice?.code).toBe("stale_epoch");
    expect(canCommand(refused, "c1")).toBe(false);
  });
  it("is over with the conversation's new epoch", () => {
    const view = apply(refused, upsert(mine("c1", { epoch: 4 })));
    expect(canCommand(view, "c1")).toBe(true);
    expect(view.conversations.c1?.epoch).toBe(4);
  });
  it("is over after a reconnect", () => {
    expect(canCommand(apply(refused, snapshot(mine("c1"))), "c1")).toBe(true);
  });
});

describe("an offer", () => {
  const ringing = after(snapshot(conversation("c1", { state: "offered" })), offer());

  const rows: [name: string, frame: Frame, offers: number][] = [
    ["rings on while nothing changed", upsert(conversation("c1", { state: "offered" })), 1],
    ["ends with its epoch", upsert(conversation("c1", { epoch: 4 })), 0],
    ["ends when withdrawn", { type: "offer_withdrawn", conversation: "c1" }, 0],
    ["rings before its deadline", { type: "local_offers_due", now: Date.parse(at) }, 1],
    ["ends at its deadline", { type: "local_offers_due", now: Date.parse(at) + 30_000 }, 0],
    ["is not replaced by an older one", offer(2), 1],
  ];
  test.each(rows)("%s", (_, frame, offers) => {
    expect(apply(ringing, frame).offers).toHaveLength(offers);
  });

  it("opens the conversation once accepted", () => {
    const view = [answer("accept", "x"), { type: "ack", client_id: "x", epoch: 4 } as Frame].reduce(
      apply,
      ringing,
    );
    expect(view.offers).toEqual([]);
    expect(view.selected).toBe("c1");
    expect(view.conversations.c1?.epoch).toBe(4);
  });

  it("goes when the answer came too late", () => {
    const view = [answer("accept", "x"), stale("x")].reduce(apply, ringing);
    expect(view.offers).toEqual([]);
    expect(view.selected).toBeUndefined();
  });

  const countdown: [after_ms: number, seconds: number][] = [
    [0, 30],
    [100, 30],
    [29_001, 1],
    [30_000, 0],
    [99_000, 0],
  ];
  test.each(countdown)("after %i ms has %i s left", (passed, seconds) => {
    expect(secondsLeft("2026-11-22T10:00:30.000Z", Date.parse(at) + passed)).toBe(seconds);
  });
});

it("one change of ownership at a time", () => {
  const asked = after(snapshot(conversation("c1")), answer("take", "x"));
  expect(canCommand(asked, "c1")).toBe(false);
  expect(canCommand(apply(asked, { type: "ack", client_id: "x", epoch: 4 }), "c1")).toBe(true);
});

it("only our own presence is ours", () => {
  const view = after(snapshot(), { type: "presence", agent: "omar", state: "away" });
  expect(view.presence).toBe("online");
  expect(apply(view, { type: "presence", state: "away" }).presence).toBe("away");
});
