/** A decoded picture: three bytes a pixel, row by row. */
export interface Picture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}
