/** The policy of all reports: they load nothing and run no script. Pictures are data URIs and styles are inline. */
export const REPORT_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
