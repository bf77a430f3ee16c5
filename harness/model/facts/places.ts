/** Where a call that was found nowhere was looked for. */
export const UNSEEN_PLACES = ['decided-anew', 'any-trace', 'marked-traces', 'own-trace'] as const;
