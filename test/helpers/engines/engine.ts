/** A browser as the engine-neutral suite sees one: what Chromium, Firefox and WebKit can all be asked for. */

export interface EnginePage {
  goto(url: string): Promise<void>;
  /** Runs in the page. Argument and result are JSON. @throws what it throws */
  evaluate<T>(work: () => T | Promise<T>): Promise<T>;
  evaluate<T, A>(work: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
  /** As the browser's own button goes. */
  back(): Promise<void>;
  close(): Promise<void>;
}

export interface Engine {
  /** A page of a shopper who was never here: no cookies, no storage. */
  open(): Promise<EnginePage>;
  close(): Promise<void>;
}

export interface EngineKind {
  name: 'chromium' | 'firefox' | 'webkit';
  /** How to get it, for who lacks it. */
  install: string;
  installed(): boolean;
  launch(): Promise<Engine>;
}
