/**
 * Everything the widget shows, and how each frame changes it.  Pure: no clock, no network, no storage.
 * The page is drawn from a View and from nothing else.
 */
import type {
  ActorKind,
  Button,
  ChatCommand,
  ChatServerFrame,
  Greeting,
  Hours,
  Language,
  VisitorState,
  WaitMinutes,
} from "../shared/protocol";

export type Delivery = "sending" | "sent" | "delivered" | "read" | "failed";

/** One bubble, or one small line between bubbles (`owner`). */
export interface Line {
  readonly kind: "text" | "owner";
  /** The place in the conversation; absent until the server acknowledged it. */
  readonly seq?: number;
  readonly clientId?: string;
  readonly from: ActorKind;
  readonly name?: string;
  readonly text: string;
  readonly language?: Language;
  readonly buttons?: readonly Button[];
  readonly at: string;
  readonly delivery?: Delivery;
}

export interface Outgoing {
  readonly command: ChatCommand;
  /** What the visitor sees: the text, or the title of the tapped button. */
  readonly title: string;
  readonly at: string;
  readonly failed?: boolean;
}

export interface View {
  readonly link: "connecting" | "online" | "offline" | "refused";
  /** The connection is gone for long enough to say so. */
  readonly stale: boolean;
  readonly open: boolean;
  readonly visitorToken?: string;
  readonly conversation?: string;
  /** All events up to here have been seen. */
  readonly lastSeq: number;
  /** All events up to here have been seen by the visitor. */
  readonly readSeq: number;
  /** `past` lines belong to an earlier, closed conversation of this visit. */
  readonly past: readonly Line[];
  readonly lines: readonly Line[];
  readonly outbox: readonly Outgoing[];
  readonly state: VisitorState;
  readonly owner?: { kind: string; name?: string };
  readonly hours?: Hours;
  readonly textCharsMax: number;
  readonly greeting?: Greeting;
  readonly queue?: {
    readonly position?: number;
    readonly wait?: WaitMinutes;
    readonly options: readonly Button[];
  };
  readonly typing: boolean;
  readonly rating?: {
    readonly kind: string;
    readonly min: number;
    readonly max: number;
    readonly seq: number;
    readonly score?: number;
  };
  /** The newest seq whose rating request was answered: asked once, also after a reload. */
  readonly ratedSeq: number;
  readonly notice?: { readonly code: string; readonly text?: string };
  readonly language: Language;
}

/** What happens on this side of the wire. */
export type LocalFrame =
  | {
      type: "local_restore";
      visitorToken?: string;
      conversation?: string;
      readSeq?: number;
      ratedSeq?: number;
      outbox?: readonly Outgoing[];
    }
  | { type: "local_link"; link: View["link"] }
  | { type: "local_stale" }
  | { type: "local_forget" }
  | { type: "local_language"; language: Language }
  | { type: "local_send"; outgoing: Outgoing }
  | { type: "local_retry"; clientId: string }
  | { type: "local_timeout"; clientId: string }
  | { type: "local_open"; open: boolean }
  | { type: "local_typing_over" }
  | { type: "local_dismiss" };

export const kTextCharsMax = 4000;

export function emptyView(language: Language): View {
  return {
    link: "connecting",
    stale: false,
    open: false,
    lastSeq: 0,
    readSeq: 0,
    past: [],
    lines: [],
    outbox: [],
    state: "bot",
    textCharsMax: kTextCharsMax,
    typing: false,
    ratedSeq: 0,
    language,
  };
}

/** The view after one frame from the server or from this side. */
export function apply(view: View, frame: ChatServerFrame | LocalFrame): View {
  switch (frame.type) {
    case "welcome":
      return welcome(view, frame);
    case "ack":
      return acknowledge(view, frame.client_id, frame.seq);
    case "message": {
      const line: Line = {
        kind: "text",
        seq: frame.seq,
        from: frame.from,
        text: frame.text ?? "",
        at: frame.at,
        ...(frame.client_id ? { clientId: frame.client_id } : {}),
        ...(frame.name ? { name: frame.name } : {}),
        ...(frame.language ? { language: frame.language } : {}),
        ...(frame.buttons?.length ? { buttons: frame.buttons } : {}),
        ...(frame.from === "visitor" ? { delivery: "sent" as const } : {}),
      };
      const follows = frame.from === "visitor" || frame.from === "bot";
      // The stored greeting arrives as a message on a resume; shown once.
      const greeted = frame.from === "bot" && frame.text === view.greeting?.text;
      return seen(
        {
          ...view,
          lines: merge(view.lines, line),
          outbox: frame.client_id ? without(view.outbox, frame.client_id) : view.outbox,
          language: follows && frame.language ? frame.language : view.language,
          typing: frame.from === "visitor" ? view.typing : false,
          ...(greeted ? { greeting: undefined } : {}),
          ...(frame.from === "visitor" ? { rating: undefined } : {}),
        },
        frame.seq,
      );
    }
    case "receipt":
      return {
        ...view,
        lines: view.lines.map((line) =>
          line.from === "visitor" && line.seq !== undefined && line.seq <= frame.seq
            ? { ...line, delivery: later(line.delivery, frame.state) }
            : line,
        ),
      };
    case "state":
      return seen(
        {
          ...view,
          state: frame.state,
          queue: frame.state === "waiting" ? view.queue : undefined,
          typing: false,
          rating: frame.state === "resolved" ? view.rating : undefined,
        },
        frame.seq,
      );
    case "queue":
      return {
        ...view,
        queue: {
          options: frame.options ?? [],
          ...(frame.position !== undefined ? { position: frame.position } : {}),
          ...(frame.wait_minutes ? { wait: frame.wait_minutes } : {}),
        },
      };
    case "owner": {
      const owner = { kind: frame.kind, ...(frame.name ? { name: frame.name } : {}) };
      const line: Line | undefined =
        frame.kind === "agent" && frame.name && frame.seq !== undefined
          ? {
              kind: "owner",
              seq: frame.seq,
              from: "system",
              name: frame.name,
              text: "",
              at: "",
            }
          : undefined;
      return seen(
        { ...view, owner, lines: line ? merge(view.lines, line) : view.lines },
        frame.seq,
      );
    }
    case "typing":
      return { ...view, typing: frame.from !== "visitor" };
    case "rating_request":
      return seen(
        frame.seq <= view.ratedSeq
          ? view
          : {
              ...view,
              typing: false,
              rating: {
                kind: frame.kind,
                min: frame.scale.min,
                max: frame.scale.max,
                seq: frame.seq,
              },
            },
        frame.seq,
      );
    case "error":
      return refuse(view, frame);
    case "pong":
      return view;
    case "local_restore":
      return {
        ...view,
        readSeq: frame.readSeq ?? 0,
        ratedSeq: frame.ratedSeq ?? 0,
        outbox: frame.outbox ?? [],
        lines: (frame.outbox ?? []).flatMap(pendingLine),
        ...(frame.visitorToken ? { visitorToken: frame.visitorToken } : {}),
        ...(frame.conversation ? { conversation: frame.conversation } : {}),
      };
    case "local_link":
      return {
        ...view,
        link: frame.link,
        stale: frame.link === "online" ? false : view.stale,
        typing: frame.link === "online" ? view.typing : false,
      };
    case "local_stale":
      return view.link === "online" ? view : { ...view, stale: true };
    case "local_forget":
      // The server does not know our token: a new visitor, who keeps what is not sent yet.
      return {
        ...view,
        visitorToken: undefined,
        conversation: undefined,
        lastSeq: 0,
        readSeq: 0,
        ratedSeq: 0,
        lines: view.lines.filter((line) => line.seq === undefined),
      };
    case "local_language":
      // Once somebody has spoken, the conversation decides.
      return view.lines.length ? view : { ...view, language: frame.language };
    case "local_send": {
      const { command } = frame.outgoing;
      const answered =
        command.type === "rate" && view.rating
          ? { rating: { ...view.rating, score: command.score }, ratedSeq: view.rating.seq }
          : {};
      return {
        ...view,
        ...answered,
        outbox: [...view.outbox, frame.outgoing],
        lines: [...view.lines, ...pendingLine(frame.outgoing)],
        notice: undefined,
      };
    }
    case "local_retry":
      return { ...marked(view, frame.clientId, "sending"), notice: undefined };
    case "local_timeout":
      // Without a connection it stays "sending": it goes out by itself when we are back.
      return view.link === "online" ? marked(view, frame.clientId, "failed") : view;
    case "local_open":
      return { ...view, open: frame.open, ...(frame.open ? { readSeq: view.lastSeq } : {}) };
    case "local_typing_over":
      return { ...view, typing: false };
    case "local_dismiss":
      return { ...view, notice: undefined };
    default:
      return frame satisfies never;
  }
}

function welcome(view: View, frame: Extract<ChatServerFrame, { type: "welcome" }>): View {
  const same = view.conversation === undefined || view.conversation === frame.conversation;
  const pending = view.lines.filter((line) => line.seq === undefined);
  const settled = view.lines.filter((line) => line.seq !== undefined);
  return {
    ...view,
    link: "online",
    stale: false,
    visitorToken: frame.visitor_token,
    conversation: frame.conversation,
    past: same ? view.past : [...view.past, ...settled],
    lines: same ? view.lines : pending,
    lastSeq: same ? view.lastSeq : 0,
    readSeq: same ? view.readSeq : 0,
    ratedSeq: same ? view.ratedSeq : 0,
    rating: same ? view.rating : undefined,
    state: frame.state,
    owner: frame.owner,
    hours: frame.hours,
    textCharsMax: frame.limits?.text_chars_max ?? kTextCharsMax,
    greeting: frame.greeting ?? (same ? view.greeting : undefined),
    language: frame.greeting?.language ?? view.language,
    queue: frame.state === "waiting" ? view.queue : undefined,
    notice: undefined,
  };
}

function acknowledge(view: View, clientId: string, seq: number | undefined): View {
  const line = view.lines.find((each) => each.clientId === clientId);
  const outbox = without(view.outbox, clientId);
  if (!line) return { ...view, outbox };
  // lastSeq stays: an ack proves this message stored, not that all before it were seen.
  const stored: Line = { ...line, delivery: later(line.delivery, "sent") };
  if (seq === undefined) {
    return {
      ...view,
      outbox,
      lines: view.lines.map((each) => (each === line ? stored : each)),
    };
  }
  return { ...view, outbox, lines: merge(view.lines, { ...stored, seq }) };
}

function refuse(view: View, frame: Extract<ChatServerFrame, { type: "error" }>): View {
  const notice = { code: frame.code, ...(frame.text ? { text: frame.text } : {}) };
  if (!frame.client_id) return { ...view, notice };
  // A known waiting time: it is sent again by itself, so nothing has failed yet.
  if (frame.retry_after_ms !== undefined) return { ...view, notice };
  const isMessage = view.lines.some((line) => line.clientId === frame.client_id);
  const next = marked(view, frame.client_id, "failed");
  return isMessage
    ? { ...next, notice }
    : { ...next, notice, outbox: without(next.outbox, frame.client_id) };
}

function marked(view: View, clientId: string, delivery: "sending" | "failed"): View {
  return {
    ...view,
    outbox: view.outbox.map((each) =>
      each.command.client_id === clientId ? { ...each, failed: delivery === "failed" } : each,
    ),
    lines: view.lines.map((line) =>
      line.clientId === clientId && line.seq === undefined ? { ...line, delivery } : line,
    ),
  };
}

function seen(view: View, seq: number | undefined): View {
  const lastSeq = Math.max(view.lastSeq, seq ?? 0);
  return { ...view, lastSeq, readSeq: view.open ? lastSeq : view.readSeq };
}

function pendingLine({ command, title, at, failed }: Outgoing): Line[] {
  if (command.type !== "message") return [];
  return [
    {
      kind: "text",
      from: "visitor",
      clientId: command.client_id,
      text: title,
      at,
      delivery: failed ? "failed" : "sending",
    },
  ];
}

const without = (outbox: readonly Outgoing[], clientId: string): readonly Outgoing[] =>
  outbox.filter((each) => each.command.client_id !== clientId);

const kOrder: readonly (Delivery | undefined)[] = [
  "failed",
  "sending",
  "sent",
  "delivered",
  "read",
];

/** A receipt never takes a message back: read stays read. */
function later(current: Delivery | undefined, next: Delivery): Delivery {
  return kOrder.indexOf(next) > kOrder.indexOf(current) ? next : (current ?? next);
}

/**
 * `lines` with `line` at its place: by seq, what is not acknowledged yet last.  The same seq or client id
 * replaces, so a resume brings nothing twice.
 */
function merge(lines: readonly Line[], line: Line): readonly Line[] {
  const twin = lines.find(
    (each) =>
      (line.seq !== undefined && each.seq === line.seq) ||
      (line.clientId !== undefined && each.clientId === line.clientId),
  );
  const whole: Line = twin
    ? {
        ...twin,
        ...line,
        ...(line.delivery ? { delivery: later(twin.delivery, line.delivery) } : {}),
      }
    : line;
  const rest = lines.filter((each) => each !== twin);
  const place = rest.findIndex((each) => (each.seq ?? Infinity) > (whole.seq ?? Infinity));
  return place < 0 ? [...rest, whole] : [...rest.slice(0, place), whole, ...rest.slice(place)];
}

// ---- What can be read off a view

/** Commands to send (again) on a fresh connection, oldest first. */
export const unacknowledged = (view: View): readonly ChatCommand[] =>
  view.outbox.filter((each) => !each.failed).map((each) => each.command);

export const unread = (view: View): number =>
  view.lines.filter(
    (line) => line.kind === "text" && line.from !== "visitor" && (line.seq ?? 0) > view.readSeq,
  ).length;

/** The buttons to offer now: those of the newest bubble, unless the visitor has spoken since. */
export function quickReplies(view: View): readonly Button[] {
  const last = view.lines.findLast((line) => line.kind === "text");
  if (!last) return view.greeting?.buttons ?? [];
  if (last.from === "visitor") return [];
  // The queue card already offers what a waiting visitor may choose.
  const buttons = last.buttons ?? [];
  return view.queue ? buttons.filter((button) => !button.id.startsWith("handoff:")) : buttons;
}
