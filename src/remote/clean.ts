/** Text that an instance sent, fit for one line of a terminal: no control characters, nothing that turns its direction. */
export const clean = (text: string): string =>
  text.slice(0, 4000).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
