/** A decoded picture: three bytes per pixel, row by row. Width and height are in pixels. */
export interface Picture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}
