import type { ChildProcess } from 'node:child_process';
import type { Program } from './program.ts';

/** The built server of a program, listening. */
export interface Server {
  readonly child: ChildProcess;
  /** Up to and with the client: `http://127.0.0.1:4711/client/G1`. */
  readonly url: string;
  readonly token: string;
  /** When it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `tph serve` on a free port, and waits until it listens; `token` where there is one already. */
export async function startServer(program: Program, token?: string): Promise<Server> {
  const [client] = await program.json<{ id: string }[]>('client', 'list');
  const secret =
    token ?? (await program.json<{ token: string }>('token', 'create', 'all', '--role', 'ADMIN')).token;
  const child = program.start(['serve', '--port', '0', '--rate-limit', '0']);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (text: Buffer) => {
      said += String(text);
      const found = /127\.0\.0\.1:(\d+)/.exec(said);
      if (found !== null) resolve(found[1] as string);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', () => reject(new Error(`the server does not start: ${said}`)));
  });
  return { child, url: `http://127.0.0.1:${port}/client/${client?.id}`, token: secret, ended };
}
