// Slips of the finger: letters dropped, swapped with the next, replaced or put in. The same
// seed makes the same slips; a new letter is of the script of the letter it stands at.
const alphabets = [
  [/\p{Script=Arabic}/u, [..."ابتثجحخدذرزسشصضطظعغفقكلمنهويءةى"]],
  [/\p{Script=Latin}/u, [..."abcdefghijklmnopqrstuvwxyz"]],
];
const alphabetOf = (letter) => alphabets.find(([script]) => script.test(letter))?.[1];
const isLetter = (letter) => letter !== undefined && /\p{L}/u.test(letter) && alphabetOf(letter) !== undefined;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function slip(letters, random) {
  const places = letters.flatMap((letter, i) => (isLetter(letter) ? [i] : []));
  if (places.length === 0) return;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const at = pick(places);
  const other = () => pick(alphabetOf(letters[at]).filter((letter) => letter !== letters[at]));
  const kinds = [
    () => letters.splice(at, 1, other()),
    () => letters.splice(at, 0, other()),
  ];
  if (places.length > 1) kinds.push(() => letters.splice(at, 1)); // never the last letter there is
  if (isLetter(letters[at + 1]) && letters[at + 1] !== letters[at]) {
    kinds.push(() => letters.splice(at, 2, letters[at + 1], letters[at]));
  }
  pick(kinds)();
}

/** `text` with `count` slips; a text without letters stays as it is. */
export function withTypos(text, count, random) {
  const letters = [...text];
  for (let i = 0; i < count; ++i) slip(letters, random);
  return letters.join("");
}
