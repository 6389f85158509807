/** A derived clip, its frames, or an image: what is shown for one stimulus. Bytes are shared by all requests, never copied per trial. */
export interface MediaPart {
  readonly kind: 'image' | 'video' | 'frames';
  /** SHA-256 of the derived bytes (of all frames, one after another), hex. */
  readonly sha256: string;
  readonly mimeType: string;
  /** One file for an image or clip, one per frame for frames. */
  readonly files: readonly MediaFile[];
  readonly width: number;
  readonly height: number;
  readonly nFrames: number;
  /** Frames per second of the derived clip; null for an image. */
  readonly fps: number | null;
}

export interface MediaFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}
