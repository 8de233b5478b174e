/** Web addresses in a text, so that they can be tapped. */
export interface Piece {
  readonly text: string;
  readonly link: boolean;
}

/** Up to white space or a letter of Arabic, which is written on without a space. */
const kAddress = /https?:\/\/[^\s\u0590-\u08ff\u2066-\u2069<>"]{3,}/g;
/** Closes a sentence, or stands around the address. */
const kAround = /[.,;:!?)\]}'…]+$/;

/** `text` cut at its addresses, in order and complete. */
export function addresses(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(kAddress)) {
    const address = found[0].replace(kAround, "");
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), link: false });
    pieces.push({ text: address, link: true });
    end = found.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), link: false });
  return pieces;
}
