// A small chime of three soft notes, made on the spot. Off until the child switches it on.

const NOTES = [523.25, 659.25, 783.99]; // C, E and G
const SECONDS = 0.9;

/** @type {AudioContext | null} */
let sound = null;

/** @param {boolean} on whether the child wants sound */
export function chime(on) {
  if (!on) return;
  sound ??= new AudioContext();
  const now = sound.currentTime;
  for (const [index, pitch] of NOTES.entries()) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const start = now + index * 0.12;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.06, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + SECONDS);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + SECONDS);
  }
}
