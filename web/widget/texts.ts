import type { Language } from "../shared/protocol";
import { minutesText, openingText } from "../shared/times";
import type { Texts } from "../shared/language";
import type { View } from "./view";

const en = {
  title: "Customer service",
  close: "Close the chat",
  log: "Conversation",
  placeholder: "Write a message…",
  send: "Send",
  person: "Talk to a person",
  you: "You",
  bot: "Assistant",
  retry: "Not sent. Try again",
  sending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  typing: "Typing",
  reconnecting: "No connection. Trying again – what you write is kept and sent later.",
  refused: "The chat is not available here.",
  bot_status: "Usually answers at once",
  waiting_status: "You are waiting for a person",
  promised_status: "A person will come back to you",
  resolved_status: "Resolved. Write to go on",
  talking_to: "You are talking to",
  closed_until: "Our team is back",
  queue_title: "Waiting for a person",
  queue_next: "You are next.",
  queue_position: "Your place in the queue:",
  queue_wait: "Expected wait:",
  contact: "E-mail or phone, if we do not have it yet",
  confirm: "Confirm",
  back: "Back",
  rate: "How did we do?",
  thanks: "Thank you!",
  dismiss: "Close this notice",
  too_long: "This message is too long.",
  too_fast: "That was quick. It is sent again in a moment.",
  busy: "We are very busy. It is sent again in a moment.",
  unavailable: "The service is not available just now.",
  wrong: "Something went wrong.",
  earlier: "Earlier conversation",
};

const ar: typeof en = {
  title: "خدمة العملاء",
  close: "إغلاق المحادثة",
  log: "المحادثة",
  placeholder: "اكتب رسالتك…",
  send: "إرسال",
  person: "أريد التحدث مع موظف",
  you: "أنت",
  bot: "المساعد",
  retry: "لم تُرسل. أعد المحاولة",
  sending: "جارٍ الإرسال",
  sent: "أُرسلت",
  delivered: "وصلت",
  read: "قُرئت",
  typing: "يكتب الآن",
  reconnecting: "لا يوجد اتصال. نحاول من جديد، وما تكتبه محفوظ وسيُرسل لاحقًا.",
  refused: "المحادثة غير متاحة هنا.",
  bot_status: "يرد عادةً في الحال",
  waiting_status: "أنت في انتظار موظف",
  promised_status: "سيتواصل معك أحد موظفينا",
  resolved_status: "انتهت المحادثة. اكتب للمتابعة",
  talking_to: "أنت تتحدث مع",
  closed_until: "يعود فريقنا",
  queue_title: "في انتظار موظف",
  queue_next: "دورك هو التالي.",
  queue_position: "رقمك في الانتظار:",
  queue_wait: "الانتظار المتوقع:",
  contact: "البريد أو الجوال، إن لم يكن لدينا",
  confirm: "تأكيد",
  back: "رجوع",
  rate: "كيف كانت خدمتنا؟",
  thanks: "شكرًا لك!",
  dismiss: "إغلاق التنبيه",
  too_long: "هذه الرسالة طويلة جدًا.",
  too_fast: "مهلًا قليلًا، ستُرسل بعد لحظات.",
  busy: "لدينا ضغط كبير الآن، ستُرسل بعد لحظات.",
  unavailable: "الخدمة غير متاحة الآن.",
  wrong: "حدث خطأ ما.",
  earlier: "محادثة سابقة",
};

export type WidgetTexts = typeof en;
export const kTexts: Texts<WidgetTexts> = { ar, en };

/** "About 3 to 5 minutes", or an honest "more than 5 minutes" when only a floor is known. */
export function waitText(wait: { min: number; max?: number }, language: Language): string {
  const arabic = language === "ar";
  if (wait.max === undefined) {
    const floor = minutesText(wait.min, language);
    return arabic ? `أكثر من ${floor}` : `more than ${floor}`;
  }
  const top = minutesText(wait.max, language);
  if (wait.min >= wait.max) return arabic ? `نحو ${top}` : `about ${top}`;
  return arabic ? `من ${wait.min} إلى ${top}` : `about ${wait.min} to ${top}`;
}

/** The line under the title; an agent's name is drawn apart, isolated. */
export function statusText(view: View, language: Language): string {
  const texts = kTexts[language];
  switch (view.state) {
    case "waiting":
      return texts.waiting_status;
    case "promised":
      return texts.promised_status;
    case "resolved":
      return texts.resolved_status;
    case "human":
      return texts.talking_to;
    default:
      return texts.bot_status;
  }
}

export function closedText(view: View, language: Language): string {
  if (!view.hours || view.hours.open || !view.hours.next_open_at) return "";
  const opening = openingText(view.hours.next_open_at, language);
  return opening && `${kTexts[language].closed_until} ${opening}.`;
}

export function noticeText(notice: { code: string; text?: string }, language: Language): string {
  if (notice.text) return notice.text;
  const texts = kTexts[language];
  switch (notice.code) {
    case "too_long":
    case "too_fast":
    case "busy":
    case "unavailable":
      return texts[notice.code];
    default:
      return texts.wrong;
  }
}
