/** Two short tones for an offer.  Browsers allow sound only after a gesture; until then this is silent. */
const kKey = "wasl.sound";

let context: AudioContext | undefined;

export const soundOn = (): boolean => localStorage.getItem(kKey) !== "off";

export function setSound(on: boolean): void {
  localStorage.setItem(kKey, on ? "on" : "off");
  if (on) ring();
}

/** Call on the first gesture of the agent. */
export function unlockSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function ring(): void {
  if (!context || context.state !== "running" || !soundOn()) return;
  for (const [pitch, delay] of [
    [660, 0],
    [880, 0.18],
  ] as const) {
    const start = context.currentTime + delay;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.18, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.16);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.17);
  }
}
