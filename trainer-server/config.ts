/** What the server can be told. Every value has its default, unit and meaning here. */

export interface Config {
  port: number;
  /** Address to listen on. The default lets this machine alone in; behind a proxy or in a container say 0.0.0.0. */
  host: string;
  /** Largest body of a request, in bytes. A full batch of trajectories takes about a tenth. */
  maxBodyBytes: number;
  /** How long running requests may go on after a stop was asked for, in ms. */
  graceMs: number;
}

export const CONFIG: Config = { port: 8787, host: 'localhost', maxBodyBytes: 1024 * 1024, graceMs: 5_000 };
