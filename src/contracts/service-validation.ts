/** A line of a manifest in which the training service reported a problem. */
export interface ReportedLine {
  /** Number of the line in the manifest, from 1. */
  readonly line: number;
  /** The service's codes, such as `ERROR_INVALID_IMAGE`. */
  readonly codes: readonly string[];
  /**
   * The image's path in the archive; its S3 key if `images.jsonl` does not list it. Null if the service replaced the
   * line, so that it no longer names an image.
   */
  readonly file: string | null;
}

/** What the training service found out about one manifest. */
export interface ManifestValidation {
  /** Null if the manifest summary could not be read. Ignored lines have warnings only. */
  readonly lines: {
    readonly total: number;
    readonly valid: number;
    readonly invalid: number;
    readonly ignored: number;
  } | null;
  /** Codes of the manifest as a whole. They end the training. */
  readonly errors: readonly string[];
  /** Number of lines with at least one code. The service uses a line with valid and invalid boxes. */
  readonly reported: number;
  /** Number of lines by code, the most frequent code first. Maximum 50. */
  readonly codes: readonly { readonly code: string; readonly lines: number }[];
  /** The first lines with a code. Maximum 20. */
  readonly examples: readonly ReportedLine[];
}

/** What the training service found out about the manifests, whether the training completed or failed. */
export interface ServiceValidation {
  readonly training: ManifestValidation;
  readonly testing: ManifestValidation;
  /** Codes of both manifests together. They end the training. */
  readonly errors: readonly string[];
  /** What could not be read or written, and why; null if nothing was missing. */
  readonly problem: string | null;
}
