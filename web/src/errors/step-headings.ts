/** Where the page shows what a step without a setting is about: the id of the heading, and the button that goes there. */
export const SHOWN_BY = {
  'check-labels': { heading: 'labels-to-check', button: 'Show the labels' },
  'label-more': { heading: 'gain-by-photos', button: 'Show what more photos gain' },
} as const;
