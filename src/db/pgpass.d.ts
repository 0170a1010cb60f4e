declare module 'pgpass' {
  /** Looks a password up in the file that PostgreSQL's own tools read it from; undefined where it is not there. */
  interface Lookup {
    (
      connection: {
        readonly host?: string;
        readonly port?: number;
        readonly database?: string;
        readonly user?: string;
      },
      found: (password: string | undefined) => void,
    ): void;
    /** Where warnings go. */
    warnTo(stream: import('node:stream').Writable): void;
  }
  const lookup: Lookup;
  export = lookup;
}
