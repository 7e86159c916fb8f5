/** Payloads stay in workflow histories, so lists in them are cut; the report in S3 has the full lists. */

/** Maximum classes listed in a payload. */
export const MAX_LISTED_CLASSES = 20;

/** Maximum keys or reasons listed in a payload. */
export const MAX_LISTED_KEYS = 20;

/** Maximum examples per finding in a payload. */
export const MAX_LISTED_EXAMPLES = 3;
