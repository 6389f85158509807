/** From short to long: clips of at most `upTo` seconds get `fps` frames per second. The last `upTo` is null: all longer clips. */
export type FrameRule = readonly { readonly upTo: number | null; readonly fps: number }[];

/** P1, Eq. 1: 2 fps up to 5 s, 1 up to 15 s, 0.5 up to 20 s, 0.2 for longer clips. */
export const p1FrameRule: FrameRule = [
  { upTo: 5, fps: 2 },
  { upTo: 15, fps: 1 },
  { upTo: 20, fps: 0.5 },
  { upTo: null, fps: 0.2 },
];

/** Frames per second for a clip of `duration` seconds. Limits belong to the higher rate: 5 s exactly gives 2 fps (P1, Eq. 1). */
export function frameRate(duration: number, rule: FrameRule = p1FrameRule): number {
  const step = rule.find(({ upTo }) => upTo === null || duration <= upTo);
  return (step ?? rule[rule.length - 1]).fps;
}

/** How many frames are taken from a clip of `duration` seconds: at least one. ffmpeg's fps filter rounds to the nearest. */
export function plannedFrames(duration: number, rule: FrameRule = p1FrameRule): number {
  return Math.max(1, Math.round(duration * frameRate(duration, rule)));
}
