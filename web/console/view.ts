/**
 * Everything the console shows, and how each frame changes it.  Pure: no clock, no network, no storage.
 * The page is drawn from a View (and the time of day) and from nothing else.
 */
import type {
  Agent,
  Conversation,
  DeskCommand,
  DeskEvent,
  DeskServerFrame,
  Hours,
  Offer,
  Packet,
  Presence,
} from "../shared/protocol";

export const kLists = ["mine", "queue", "team", "bot_live", "resolved"] as const;
export type ListName = (typeof kLists)[number];

export interface Thread {
  /** By seq, each once. */
  readonly events: readonly DeskEvent[];
  readonly packet?: Packet;
  /** All events up to here are held. */
  readonly lastSeq: number;
  /** Our epoch was stale: nothing may be sent until the `conversation` frame with the new one. */
  readonly blocked: boolean;
  readonly typing: boolean;
}

/** A command of ours on its way.  `say` and `note` are drawn as bubbles, the rest disables its buttons. */
export interface Pending {
  readonly command: DeskCommand;
  readonly at: string;
  readonly state: "sending" | "sent" | "failed";
  readonly seq?: number;
}

export interface Notice {
  readonly code: string;
  readonly text?: string;
}

export interface View {
  readonly link: "connecting" | "online" | "offline" | "refused";
  readonly agent?: Agent;
  readonly presence: Presence;
  readonly hours?: Hours;
  readonly conversations: Readonly<Record<string, Conversation>>;
  readonly threads: Readonly<Record<string, Thread>>;
  readonly offers: readonly Offer[];
  readonly pending: readonly Pending[];
  readonly list: ListName;
  readonly selected?: string;
  readonly notice?: Notice;
}

/** What happens on this side of the wire. */
export type LocalFrame =
  | { type: "local_link"; link: View["link"] }
  | { type: "local_list"; list: ListName }
  | { type: "local_select"; conversation: string | undefined }
  | { type: "local_command"; command: DeskCommand; at: string }
  | { type: "local_discard"; clientId: string }
  | { type: "local_presence"; state: Presence }
  | { type: "local_offers_due"; now: number }
  | { type: "local_typing_over"; conversation: string }
  | { type: "local_notice"; notice: Notice | undefined }
  | { type: "local_sign_out" };

export const kEmptyView: View = {
  link: "connecting",
  presence: "offline",
  conversations: {},
  threads: {},
  offers: [],
  pending: [],
  list: "mine",
};

const kEmptyThread: Thread = { events: [], lastSeq: 0, blocked: false, typing: false };

/** The view after one frame from the server or from this side. */
export function apply(view: View, frame: DeskServerFrame | LocalFrame): View {
  switch (frame.type) {
    case "snapshot": {
      const conversations = Object.fromEntries(
        (frame.conversations ?? []).map((each) => [
          each.conversation,
          withLastLine(each, view.conversations[each.conversation]),
        ]),
      );
      return {
        ...view,
        link: "online",
        agent: frame.agent,
        presence: frame.presence ?? view.presence,
        hours: frame.hours,
        conversations,
        // The server rings again what still rings; a snapshot also carries every new epoch.
        offers: view.offers.filter((offer) => stillRings(offer, conversations[offer.conversation])),
        threads: mapValues(view.threads, (thread) => ({ ...thread, blocked: false })),
      };
    }
    case "conversation": {
      const { type: _, ...fresh } = frame;
      const known = view.conversations[fresh.conversation];
      if (known && known.epoch > fresh.epoch) return view; // late news
      const conversation = withLastLine(fresh, known);
      return {
        ...withThread(view, fresh.conversation, (thread) => ({ ...thread, blocked: false })),
        conversations: { ...view.conversations, [fresh.conversation]: conversation },
        offers: view.offers.filter(
          (offer) => offer.conversation !== fresh.conversation || stillRings(offer, conversation),
        ),
      };
    }
    case "event":
      return addEvent(view, frame);
    case "offer": {
      const { type: _, ...offer } = frame;
      const others = view.offers.filter((each) => each.conversation !== offer.conversation);
      const known = view.offers.find((each) => each.conversation === offer.conversation);
      if (known && known.epoch > offer.epoch) return view;
      return { ...view, offers: [...others, offer] };
    }
    case "offer_withdrawn":
      return withoutOffer(view, frame.conversation);
    case "packet": {
      const { type: _, ...packet } = frame;
      return withThread(view, packet.conversation, (thread) => ({ ...thread, packet }), true);
    }
    case "ack":
      return acknowledge(view, frame);
    case "error":
      return refuse(view, frame);
    case "presence": {
      const who = typeof frame.agent === "string" ? frame.agent : frame.agent?.id;
      const ours = who === undefined || who === view.agent?.id;
      return ours ? { ...view, presence: frame.state } : view;
    }
    case "counts":
      // The lists are all here, so their lengths are the counts; the frame is for consoles that page.
      return view;
    case "typing":
      return frame.from === "agent"
        ? view
        : withThread(view, frame.conversation, (thread) => ({ ...thread, typing: true }));
    case "pong":
      return view;
    case "local_link":
      return { ...view, link: frame.link };
    case "local_list":
      return { ...view, list: frame.list };
    case "local_select": {
      const { conversation } = frame;
      if (conversation === undefined) return { ...view, selected: undefined };
      const known = view.conversations[conversation];
      const conversations = known?.unread
        ? { ...view.conversations, [conversation]: { ...known, unread: 0 } }
        : view.conversations;
      const selected = { ...view, conversations, selected: conversation };
      return withThread(selected, conversation, (each) => each, true);
    }
    case "local_command": {
      const pending: Pending = { command: frame.command, at: frame.at, state: "sending" };
      return { ...view, pending: [...view.pending, pending], notice: undefined };
    }
    case "local_discard":
      return {
        ...view,
        pending: view.pending.filter((each) => each.command.client_id !== frame.clientId),
      };
    case "local_presence":
      return { ...view, presence: frame.state };
    case "local_offers_due":
      return view.offers.some((offer) => Date.parse(offer.deadline_at) <= frame.now)
        ? {
            ...view,
            offers: view.offers.filter((offer) => Date.parse(offer.deadline_at) > frame.now),
          }
        : view;
    case "local_typing_over":
      return withThread(view, frame.conversation, (thread) => ({ ...thread, typing: false }));
    case "local_notice":
      return { ...view, notice: frame.notice };
    case "local_sign_out":
      return { ...kEmptyView, link: "refused" };
    default:
      return frame satisfies never;
  }
}

function addEvent(view: View, frame: { type: "event" } & DeskEvent): View {
  const { type: _, ...event } = frame;
  const thread = view.threads[event.conversation];
  const conversation = view.conversations[event.conversation];
  const text = event.kind === "message" ? event.body?.text : undefined;
  const isNewest = event.seq >= (conversation?.last_seq ?? 0);
  const conversations =
    conversation && isNewest
      ? {
          ...view.conversations,
          [event.conversation]: {
            ...conversation,
            last_seq: event.seq,
            ...(typeof text === "string" ? { last_line: text } : {}),
          },
        }
      : view.conversations;
  if (!thread) return { ...view, conversations };
  const known = thread.events.some((each) => each.seq === event.seq);
  const events = known
    ? thread.events
    : [...thread.events, event].sort((one, other) => one.seq - other.seq);
  const isVisitor = actorOf(event).kind === "visitor";
  return {
    ...view,
    conversations,
    threads: {
      ...view.threads,
      [event.conversation]: {
        ...thread,
        events,
        lastSeq: Math.max(thread.lastSeq, event.seq),
        typing: isVisitor && event.kind === "message" ? false : thread.typing,
      },
    },
    // Our own text has come back as an event: the bubble on its way has arrived.
    pending: view.pending.filter(
      (each) =>
        each.command.conversation !== event.conversation ||
        !(
          (each.seq !== undefined && each.seq === event.seq) ||
          (event.client_id !== undefined && event.client_id === each.command.client_id)
        ),
    ),
  };
}

function acknowledge(view: View, frame: Extract<DeskServerFrame, { type: "ack" }>): View {
  const pending = view.pending.find((each) => each.command.client_id === frame.client_id);
  if (!pending) return view;
  const { command } = pending;
  const conversation = view.conversations[command.conversation];
  const raised =
    conversation && frame.epoch !== undefined && frame.epoch > conversation.epoch
      ? {
          ...view.conversations,
          [command.conversation]: { ...conversation, epoch: frame.epoch },
        }
      : view.conversations;
  const isText = command.type === "say" || command.type === "note";
  const arrived =
    frame.seq === undefined ||
    view.threads[command.conversation]?.events.some((event) => event.seq === frame.seq);
  const next: View = {
    ...view,
    conversations: raised,
    pending:
      isText && !arrived
        ? view.pending.map((each) =>
            each === pending ? { ...each, state: "sent" as const, seq: frame.seq } : each,
          )
        : view.pending.filter((each) => each !== pending),
  };
  if (command.type !== "accept" && command.type !== "decline") return next;
  const answered = withoutOffer(next, command.conversation);
  return command.type === "accept"
    ? withThread(
        { ...answered, selected: command.conversation, list: "mine" },
        command.conversation,
        (each) => each,
        true,
      )
    : answered;
}

function refuse(view: View, frame: Extract<DeskServerFrame, { type: "error" }>): View {
  // Servers that do not know the application ping say so; that is answer enough.
  if (frame.code === "unknown_type" && !frame.client_id) return view;
  const pending = view.pending.find((each) => each.command.client_id === frame.client_id);
  const command = pending?.command;
  const id = frame.conversation ?? command?.conversation;
  const isText = command?.type === "say" || command?.type === "note";
  let next: View = {
    ...view,
    notice: { code: frame.code, ...(frame.text ? { text: frame.text } : {}) },
    pending: isText
      ? view.pending.map((each) =>
          each === pending ? { ...each, state: "failed" as const } : each,
        )
      : view.pending.filter((each) => each !== pending),
  };
  if (command?.type === "accept" || command?.type === "decline") {
    next = withoutOffer(next, command.conversation);
  }
  return frame.code === "stale_epoch" && id
    ? withThread(next, id, (thread) => ({ ...thread, blocked: true }), true)
    : next;
}

/** Servers need not repeat the last line that events have already told. */
const withLastLine = (fresh: Conversation, known: Conversation | undefined): Conversation =>
  fresh.last_line === undefined && known?.last_line
    ? { ...fresh, last_line: known.last_line }
    : fresh;

/** An offer ends with the epoch it was made in; news older than the offer say nothing about it. */
const stillRings = (offer: Offer, conversation: Conversation | undefined): boolean =>
  conversation !== undefined &&
  (conversation.epoch < offer.epoch ||
    (conversation.epoch === offer.epoch && conversation.state === "offered"));

const withoutOffer = (view: View, conversation: string): View => ({
  ...view,
  offers: view.offers.filter((offer) => offer.conversation !== conversation),
});

function withThread(
  view: View,
  id: string,
  change: (thread: Thread) => Thread,
  create = false,
): View {
  const thread = view.threads[id] ?? (create ? kEmptyThread : undefined);
  return thread ? { ...view, threads: { ...view.threads, [id]: change(thread) } } : view;
}

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

// ---- What can be read off a view

export interface Actor {
  readonly kind: string;
  readonly id?: string;
  readonly name?: string;
}

/** Who caused `event`, whatever way it is written. */
export function actorOf(event: DeskEvent): Actor {
  const { from, body } = event;
  const name = typeof body?.name === "string" && (event.kind === "message" || event.kind === "note") ? body.name : undefined;
  if (typeof from === "string") return { kind: from, ...(name ? { name } : {}) };
  return {
    kind: from?.kind ?? "system",
    ...(from?.id ? { id: from.id } : {}),
    ...((from?.name ?? name) ? { name: from?.name ?? name } : {}),
  };
}

export function listOf(conversation: Conversation, agent: Agent | undefined): ListName {
  switch (conversation.state) {
    case "bot":
    case "offering":
    case "promised":
      return "bot_live";
    case "queued":
    case "offered":
      return "queue";
    case "human":
    case "snoozed":
    case "wrap_up":
      return owns(conversation, agent) ? "mine" : "team";
    default:
      return "resolved";
  }
}

export const owns = (conversation: Conversation, agent: Agent | undefined): boolean =>
  conversation.owner?.kind === "agent" && agent !== undefined && conversation.owner.id === agent.id;

/** Since when somebody waits for us, if anybody does. */
export const waitsSince = (conversation: Conversation): string | undefined =>
  conversation.owed_since ?? conversation.waiting_since;

/** The rows of `list`: who waits on us first and longest, then the newest. */
export function rowsOf(view: View, list: ListName): readonly Conversation[] {
  const waiting = (each: Conversation) => {
    const since = list === "resolved" ? undefined : waitsSince(each);
    return since ? Date.parse(since) : Infinity;
  };
  return Object.values(view.conversations)
    .filter((each) => listOf(each, view.agent) === list)
    .sort((one, other) => {
      const [a, b] = [waiting(one), waiting(other)];
      if (a !== b) return a < b ? -1 : 1;
      return one.conversation < other.conversation ? 1 : -1;
    });
}

export const countOf = (view: View, list: ListName): number =>
  Object.values(view.conversations).filter((each) => listOf(each, view.agent) === list).length;

/** Texts of ours in `conversation` that have not come back as events yet. */
export const pendingTexts = (view: View, conversation: string): readonly Pending[] =>
  view.pending.filter(
    ({ command }) =>
      command.conversation === conversation && (command.type === "say" || command.type === "note"),
  );

/** A change of ownership or state of ours is on its way: no second one on top of it. */
export const isChanging = (view: View, conversation: string): boolean =>
  view.pending.some(
    ({ command, state }) =>
      state === "sending" &&
      command.conversation === conversation &&
      command.type !== "say" &&
      command.type !== "note",
  );

/** Whether a command for `conversation` may be sent now. */
export const canCommand = (view: View, conversation: string): boolean =>
  view.link === "online" && !view.threads[conversation]?.blocked && !isChanging(view, conversation);

/** Commands to send (again) on a fresh connection, oldest first. */
export const unacknowledged = (view: View): readonly DeskCommand[] =>
  view.pending.filter((each) => each.state === "sending").map((each) => each.command);

export const customerName = (customer: Conversation["customer"]): string | undefined =>
  typeof customer === "string" ? customer : customer?.name;
