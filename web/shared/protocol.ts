/**
 * Frames on the wire, `/chat` for visitors and `/desk` for agents: one JSON object per text frame, kind in `type`.
 * Field names are the server's; change both sides in one commit.
 */

export type Language = "ar" | "en";
export type ActorKind = "visitor" | "bot" | "agent" | "system";

export interface Button {
  readonly id: string;
  readonly title: string;
}

// ---- /chat: what a visitor's widget and the server say to each other

export type VisitorState = "bot" | "waiting" | "human" | "promised" | "resolved";

export interface Hours {
  readonly open: boolean;
  readonly next_open_at?: string;
}

export interface Greeting {
  readonly text: string;
  readonly language: Language;
  readonly buttons?: readonly Button[];
}

export interface WaitMinutes {
  readonly min: number;
  readonly max?: number;
}

export type ChatServerFrame =
  | {
      type: "welcome";
      visitor_token: string;
      conversation: string;
      last_seq: number;
      state: VisitorState;
      owner?: { kind: string; name?: string };
      hours?: Hours;
      limits?: { text_chars_max?: number };
      features?: unknown;
      greeting?: Greeting;
    }
  | { type: "ack"; client_id: string; seq?: number }
  | {
      type: "message";
      seq: number;
      from: ActorKind;
      name?: string;
      text?: string;
      language?: Language;
      direction?: string;
      buttons?: readonly Button[];
      client_id?: string;
      at: string;
    }
  | { type: "receipt"; seq: number; state: "delivered" | "read" }
  | { type: "state"; state: VisitorState; seq?: number }
  | {
      type: "queue";
      position?: number;
      wait_minutes?: WaitMinutes;
      options?: readonly Button[];
    }
  | { type: "owner"; kind: string; name?: string; seq?: number }
  | { type: "typing"; from?: string }
  | { type: "rating_request"; kind: string; scale: { min: number; max: number }; seq: number }
  | { type: "error"; code: string; text?: string; retry_after_ms?: number; client_id?: string }
  | { type: "pong" };

/** What a visitor asks for and wants acknowledged: kept and sent again, same `client_id`, until it is. */
export type ChatCommand =
  | { type: "message"; client_id: string; text: string }
  | { type: "message"; client_id: string; button: string }
  | { type: "choose"; client_id: string; option: string; contact?: string }
  | { type: "rate"; client_id: string; kind: string; score: number; comment?: string }
  | { type: "end"; client_id: string };

export type ChatClientFrame =
  | ChatCommand
  | {
      type: "hello";
      visitor_token?: string;
      conversation?: string;
      last_seq: number;
      page: string;
      locale: string;
      timezone: string;
    }
  | { type: "typing" }
  | { type: "read"; seq: number }
  | { type: "ping" };

// ---- /desk: what an agent's console and the server say to each other

export type ConversationState =
  | "bot"
  | "offering"
  | "promised"
  | "queued"
  | "offered"
  | "human"
  | "snoozed"
  | "wrap_up"
  | "resolved"
  | "closed";

export type Presence = "online" | "away" | "offline";
export type Outcome = "solved" | "unsolved" | "spam";

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly role?: "agent" | "supervisor" | "admin";
  readonly languages?: readonly string[];
  readonly skills?: readonly string[];
}

export interface Owner {
  readonly kind: string;
  readonly id?: string;
  readonly name?: string;
}

export interface Customer {
  readonly name?: string;
  readonly [field: string]: unknown;
}

export interface Conversation {
  readonly conversation: string;
  readonly state: ConversationState;
  readonly owner?: Owner;
  readonly epoch: number;
  readonly last_seq?: number;
  readonly channel?: string;
  readonly customer?: Customer | string;
  readonly language?: string;
  readonly waiting_since?: string;
  readonly owed_since?: string;
  readonly sla?: unknown;
  readonly reason?: string;
  readonly unread?: number;
  /** The newest public text, when the server adds it; otherwise known only for opened threads. */
  readonly last_line?: string;
}

export interface Evidence {
  readonly signal: string;
  readonly weight?: number;
  readonly seq?: number;
  readonly text?: string;
}

export interface Offer {
  readonly conversation: string;
  readonly epoch: number;
  readonly reason?: string;
  readonly evidence?: readonly Evidence[];
  readonly summary?: readonly string[] | string;
  readonly language?: string;
  readonly waited_ms?: number;
  readonly deadline_at: string;
}

export interface Mood {
  readonly seq: number;
  readonly anger?: number;
  readonly frustration?: number;
  readonly lost?: number;
}

export interface Packet {
  readonly conversation: string;
  readonly handoff_seq?: number;
  readonly reason?: string;
  readonly evidence?: readonly Evidence[];
  readonly summary?: readonly string[] | string;
  readonly language?: string;
  readonly intents?: readonly unknown[];
  readonly slots?: Readonly<Record<string, unknown>>;
  readonly tried?: readonly { answer: string; seq?: number }[];
  readonly calls?: readonly { name: string; outcome?: unknown; why?: string; seq?: number }[];
  readonly mood?: readonly Mood[];
  readonly customer?: Customer | string;
  readonly history?: unknown;
  readonly page?: string;
  readonly waited_ms?: number;
}

export interface DeskEvent {
  readonly conversation: string;
  readonly seq: number;
  readonly kind: string;
  readonly from?: string | { kind?: string; id?: string; name?: string };
  readonly body?: Readonly<Record<string, unknown>>;
  readonly client_id?: string;
  readonly at?: string;
}

export type DeskServerFrame =
  | {
      type: "snapshot";
      agent: Agent;
      presence?: Presence;
      conversations?: readonly Conversation[];
      counts?: Readonly<Record<string, number>>;
      hours?: Hours;
    }
  | ({ type: "conversation" } & Conversation)
  | ({ type: "event" } & DeskEvent)
  | ({ type: "offer" } & Offer)
  | ({ type: "packet" } & Packet)
  | { type: "ack"; client_id: string; seq?: number; epoch?: number }
  | { type: "error"; code: string; client_id?: string; conversation?: string; text?: string }
  | { type: "offer_withdrawn"; conversation: string; epoch?: number; reason?: string }
  | { type: "presence"; agent?: string | Agent; state: Presence }
  | { type: "counts"; counts?: Readonly<Record<string, number>> }
  | { type: "typing"; conversation: string; from?: string }
  | { type: "pong" };

/** Commands that change something: kept and sent again, same `client_id` and `epoch`, until acknowledged. */
export type DeskCommand = { client_id: string; conversation: string; epoch: number } & (
  | { type: "accept" | "take" | "done" }
  | { type: "decline" | "return_to_bot"; reason: string }
  | { type: "say" | "note"; text: string }
  | { type: "resolve"; outcome: Outcome; note?: string }
);

export type DeskClientFrame =
  | DeskCommand
  | { type: "hello"; token?: string }
  | { type: "presence"; client_id: string; state: Presence }
  | { type: "open"; client_id: string; conversation: string; last_seq: number }
  | { type: "typing"; client_id: string; conversation: string; epoch: number }
  | { type: "ping" };

// ---- Reading frames

/** Every kind of `Frame`, checked by the compiler: a kind missing here does not compile. */
type Kinds<Frame extends { type: string }> = Readonly<Record<Frame["type"], true>>;

const kChatKinds: Kinds<ChatServerFrame> = {
  welcome: true,
  ack: true,
  message: true,
  receipt: true,
  state: true,
  queue: true,
  owner: true,
  typing: true,
  rating_request: true,
  error: true,
  pong: true,
};

const kDeskKinds: Kinds<DeskServerFrame> = {
  snapshot: true,
  conversation: true,
  event: true,
  offer: true,
  packet: true,
  ack: true,
  error: true,
  offer_withdrawn: true,
  presence: true,
  counts: true,
  typing: true,
  pong: true,
};

/** The frame in `text`, or null: not JSON, not an object, or of a kind this version does not know. */
function decode<Frame extends { type: string }>(text: string, kinds: Kinds<Frame>): Frame | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const type = (value as { type?: unknown }).type;
    return typeof type === "string" && Object.hasOwn(kinds, type) ? (value as Frame) : null;
  } catch {
    return null;
  }
}

export const decodeChat = (text: string): ChatServerFrame | null => decode(text, kChatKinds);
export const decodeDesk = (text: string): DeskServerFrame | null => decode(text, kDeskKinds);
